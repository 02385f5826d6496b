from markupsafe import Markup


def get_empty_help(title, text):
    """Return what a list shows while it is empty, for the ``help`` of its action."""
    return Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>') % (title, text)
