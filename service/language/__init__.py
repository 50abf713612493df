"""All that knows a human language: `door` reads what caregivers write, `wording` says what they hear."""
