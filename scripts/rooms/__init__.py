"""The direction between the addon's rooms (models/<room>/, views/<room>/, tests/<room>/ ...)."""
