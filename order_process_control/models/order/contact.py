"""How we spoke with a customer."""

CONTACT_METHODS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("visit", "Visit"),
    ("chat", "Chat"),
    ("other", "Other"),
]
