"""The `fanout` command: thin, it composes the others."""
