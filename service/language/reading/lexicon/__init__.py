"""The words of replies, in four languages: `table` says what each phrase means, `days` what each time is.

English, Spanish, Tagalog and Haitian Creole stand together, because people mix them. Phrases are written the
way `phrases.fold` leaves a text: lower case, without accents and apostrophes. A longer phrase hides the
shorter ones inside it, so "no problem" is no refusal and "i can not" is no consent. No native speaker has
reviewed the Tagalog and the Haitian Creole.
"""
