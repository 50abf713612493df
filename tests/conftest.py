"""What all tests run under."""

import signal

from hypothesis import HealthCheck, settings

# Machines differ in speed, and a slow one must not fail a property.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
# Jobs in the background of a script ignore SIGINT, with all that they start, and some tests interrupt that.
signal.signal(signal.SIGINT, signal.default_int_handler)
