from ..review.rounds import RoundsCommon


class SetupCommon(RoundsCommon):
    """A company without any step, and its process manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Names decide here: no department but ours shall fit
        for department in cls.env["hr.department"].search([]):
            department.name = f"Somewhere {department.id}"
        cls.finance.name = "FINANCE"
        cls.production.name = "Manufacturing"
        cls.setups = cls.env["order.process.setup"].with_user(cls.process_manager)

    def _wizard(self, preset="trading", **vals):
        """Return a wizard as it is after the departments were shown."""
        wizard = self.setups.create({"preset": preset})
        wizard.action_choose()
        wizard.write({"review_limit": 1000.0, "final_limit": 5000.0, **vals})
        return wizard

    def _line(self, wizard, key):
        return wizard.line_ids.filtered(lambda line: line.key == key)

    def _steps(self, active_test=True):
        """Return ``{setup key: step}``."""
        steps = self.env["order.review.step"].with_context(active_test=active_test)
        found = steps.search([("setup_key", "!=", False)])
        return {step.setup_key: step.with_context(active_test=True) for step in found}
