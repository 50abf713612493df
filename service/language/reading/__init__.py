"""What a caregiver's text means. `read.read` is the way in; every other module serves it."""
