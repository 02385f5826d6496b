from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestRequirements(OrderProcessCommon):
    """What the customer requires, as the class of the order asks for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.regular = cls.env.ref("order_process_control.order_class_regular")
        cls.special = cls.env.ref("order_process_control.order_class_special")

    def _get_value(self, order, name):
        rows = order.read(["requirement_properties"])[0]["requirement_properties"]
        return {row["name"]: row.get("value") for row in rows}[name]

    def test_shipped_classes_ask_for_them(self):
        names = {d["name"] for d in self.regular.requirement_definition}
        for name in ("model", "drawing", "material", "surface", "packaging", "use", "legal"):
            self.assertIn(f"requirement_{name}", names)
        for name in ("sample", "mould", "safety_certificate", "budget", "additional"):
            self.assertIn(f"requirement_{name}", names)
        self.assertEqual(self.special.requirement_definition, self.regular.requirement_definition)

    def test_seeding_leaves_alone_what_is_there(self):
        own = [{"name": "own", "type": "char", "string": "Own"}]
        self.special.requirement_definition = own
        self.regular.requirement_definition = False
        xml_ids = [f"order_process_control.order_class_{n}" for n in ("special", "regular", "gone")]
        self.env["order.class"]._seed_requirements(xml_ids, only_empty=True)
        self.assertEqual(self.special.requirement_definition, own)
        self.assertEqual(len(self.regular.requirement_definition), 22)

    def test_values_are_kept_when_given_with_the_order(self):
        order = self._create_order(requirement_properties={"requirement_material": "Oak"})
        self.assertEqual(order.class_id, self.regular)
        self.assertEqual(order.requirement_properties["requirement_material"], "Oak")
        self.env.invalidate_all()
        self.assertEqual(order.requirement_properties["requirement_material"], "Oak")

    def test_filled_in_on_the_form(self):
        with Form(self.env["sale.order"].with_user(self.salesperson)) as form:
            form.partner_id = self.customer
            form.is_must_accept = True
        order = form.record
        self.assertEqual(order.class_id, self.special)
        rows = order.read(["requirement_properties"])[0]["requirement_properties"]
        for row in rows:
            if row["name"] == "requirement_sample":
                row["value"] = "yes"
        order.requirement_properties = rows
        self.assertEqual(self._get_value(order, "requirement_sample"), "yes")

    def test_only_what_the_class_asks_is_kept(self):
        order = self._create_order(requirement_properties={"hidden": "x"})
        self.assertEqual(order.requirement_properties._values or {}, {})
        order.requirement_properties = {"hidden": "x", "requirement_material": "Oak"}
        self.assertEqual(order.requirement_properties._values, {"requirement_material": "Oak"})

    def test_class_of_the_same_name_keeps_values(self):
        self.special.requirement_definition = [
            d for d in self.special.requirement_definition if d["name"] != "requirement_surface"
        ]
        order = self._create_order(
            requirement_properties={"requirement_material": "Oak", "requirement_surface": "Oil"}
        )
        order.is_must_accept = True
        self.assertEqual(order.class_id, self.special)
        self.assertEqual(order.requirement_properties._values, {"requirement_material": "Oak"})

    def test_configuration_changed_later_alters_no_order(self):
        order = self._create_order(requirement_properties={"requirement_material": "Oak"})
        self.env.flush_all()
        self.regular.requirement_definition = [
            {"name": "finish", "type": "char", "string": "Finish", "default": "Matt"}
        ]
        order.order_line.product_uom_qty = 7
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.requirement_properties._values, {"requirement_material": "Oak"})
        self.assertEqual(
            self._create_order().requirement_properties._values, {"finish": "Matt"}, "a new one"
        )

    def test_copied(self):
        order = self._create_order(requirement_properties={"requirement_material": "Oak"})
        copied = order.copy()
        self.assertEqual(copied.requirement_properties["requirement_material"], "Oak")

    def test_a_context_sets_no_requirement(self):
        forging = {"default_requirement_properties.requirement_material": "Gold"}
        orders = self.env["sale.order"].with_user(self.salesperson).with_context(**forging)
        order = orders.create({"partner_id": self.customer.id, "class_id": self.regular.id})
        order.class_id = self.special
        self.env.flush_all()
        self.assertFalse(self._get_value(order, "requirement_material"))

    def test_a_salesperson_does_not_change_what_is_asked(self):
        order = self._create_order()
        rows = order.read(["requirement_properties"])[0]["requirement_properties"]
        rows[1]["definition_deleted"] = True
        with self.assertRaises(AccessError):
            order.write({"requirement_properties": rows})
        rows[1].pop("definition_deleted")
        rows.append({"name": "own", "type": "char", "string": "X", "definition_changed": True})
        with self.assertRaises(AccessError):
            order.write({"requirement_properties": rows})
        with self.assertRaises(AccessError):
            self.regular.with_user(self.salesperson).requirement_mandatory = []
        self.assertEqual(len(self.regular.requirement_definition), 22)

    # === MANDATORY ===#

    def test_missing_ones_refuse_submission_with_their_labels(self):
        self.regular.requirement_mandatory = ["requirement_material", "requirement_sample"]
        order = self._create_order()
        with self.assertRaisesRegex(
            UserError, "Requirements page: Material, Sample to be confirmed by the customer"
        ):
            order.action_request_review()
        order.requirement_properties = {"requirement_material": "  ", "requirement_sample": "never"}
        with self.assertRaisesRegex(UserError, "Material, Sample"):
            order.action_request_review()
        order.requirement_properties = {"requirement_material": "Oak", "requirement_sample": "no"}
        order.action_request_review()
        self.assertTrue(order.registered_at)

    def test_a_removed_requirement_is_not_missing(self):
        self.regular.requirement_mandatory = ["gone"]
        order = self._create_order()
        order.action_request_review()

    def test_judged_together(self):
        self.regular.requirement_mandatory = ["requirement_material"]
        orders = self.env["sale.order"].concat(*(self._create_order() for _n in range(6)))
        orders._get_submission_problems()  # warm
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            problems = some._get_submission_problems()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(problems.values()))
        self.assertEqual(counts[0], counts[1])

    # === THE LIST OF THE MANAGER ===#

    def test_rows_become_properties(self):
        order_class = (
            self.env["order.class"]
            .with_user(self.process_manager)
            .create(
                {
                    "name": "Steel",
                    "requirement_rows": [
                        {"label": "Alloy", "type": "char", "mandatory": True},
                        {"label": "Edges", "type": "selection", "options": "Sharp, Round, Sharp"},
                    ],
                }
            )
        )
        alloy, edges = order_class.requirement_definition
        self.assertEqual((alloy["string"], alloy["type"]), ("Alloy", "char"))
        self.assertEqual([label for _key, label in edges["selection"]], ["Sharp", "Round"])
        self.assertEqual(order_class.requirement_mandatory, [alloy["name"]])

        rows = order_class.requirement_rows
        self.assertEqual([row["name"] for row in rows], [alloy["name"], edges["name"]])
        rows[1] |= {"options": "Round, Ground", "mandatory": True}
        rows[0]["label"] = "Steel grade"
        order_class.requirement_rows = list(reversed(rows))
        changed, renamed = order_class.requirement_definition
        self.assertEqual(changed["selection"][0], edges["selection"][1], "keeps its key")
        self.assertEqual((renamed["name"], renamed["string"]), (alloy["name"], "Steel grade"))
        self.assertEqual(order_class.requirement_mandatory, [edges["name"], alloy["name"]])

    def test_rows_that_make_no_sense_are_refused_in_words(self):
        for rows, problem in (
            ([{"label": " ", "type": "char"}], "Give every requirement a name"),
            (["x"], "Give every requirement a name"),
            ([{"label": "A", "type": "html"}], "choose what kind"),
            ([{"label": "A", "type": "selection", "options": " , "}], "write the possible answers"),
        ):
            with self.assertRaisesRegex(ValidationError, problem):
                self.regular.with_user(self.process_manager).requirement_rows = rows
        with self.assertRaisesRegex(ValidationError, "check boxes"):
            self.regular.requirement_mandatory = {"a": 1}

    def test_shipped_labels_are_stored_once_and_read_in_ones_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.regular.with_context(lang="fr_FR")
        labels = {"requirement_material": ("Matière", {})}
        english = self.regular._get_labels("en_US")
        self.patch(
            type(self.regular),
            "_get_labels",
            lambda self, lang=None: english
            if (lang or self.env.lang or "en_US") == "en_US"
            else {**english, **labels},
        )
        row = next(r for r in french.requirement_rows if r["name"] == "requirement_material")
        self.assertEqual(row["label"], "Matière")
        french.requirement_rows = french.requirement_rows
        stored = {d["name"]: d["string"] for d in self.regular.requirement_definition}
        self.assertEqual(stored["requirement_material"], "Material")
        self.regular.requirement_mandatory = ["requirement_material"]
        order = self._create_order()
        problems = order.with_context(lang="fr_FR")._get_submission_problems()[order]
        self.assertIn("Matière", problems[0])
