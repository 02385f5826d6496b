from unittest import SkipTest


class MoreAppsMixin:
    """Tests that need apps which the addon does not depend on; elsewhere they are skipped."""

    apps = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        missing = set(cls.apps) - set(cls.env["ir.module.module"]._installed())
        if missing:
            raise SkipTest(f"{', '.join(sorted(missing))} is not installed")
