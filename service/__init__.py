"""The core behind HTTP, on a durable store, with real timers and carriers."""
