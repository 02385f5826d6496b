import re

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

ADDON = "order_process_control"
OPEN = "[(1, '=', 1)]"
# Rules of roles that may see all are open; these few of them are not
SEES_ALL = re.compile(r"_rule_(all_leads|auditor|manager|warehouse|agent_create)$")
LIMITED = {
    "order_alert_rule_all_leads",
    "order_deadline_event_rule_all_leads",
    "order_deadline_report_rule_all_leads",
    "order_deadline_rule_all_leads",
}
ORDERS = ("sale.order", "sale.order.line")
OPERATIONS = ("read", "write", "create", "unlink")


class World:
    """A row of each model that is asked for, all of one company and of one stranger.

    Rows are bare: filled is what leads to users, companies and other rows of this world, whatever
    the model requires. ``fixed`` gives ids for models to lead to, or None.
    """

    def __init__(self, company, stranger, fixed=()):
        self.env = company.env
        self.fixed = {"res.company": company.id, "res.users": stranger.id} | dict(fixed)
        self.ids = {}

    def get(self, model):
        """Return this world's record of a model."""
        base = model
        if not model._auto:
            # Reports show their base record under its own id
            base = self.env[model._fields[model._rec_name].comodel_name]
        if base._name not in self.ids:
            self._insert(base)
        return model.browse(self.ids[base._name])

    def _insert(self, model):
        self._drop_constraints(model._table)
        (row,) = self.env.execute_query(
            SQL("INSERT INTO %s DEFAULT VALUES RETURNING id", SQL.identifier(model._table))
        )
        self.ids[model._name] = row[0]
        # Rows may lead to each other in a circle, thus only now
        columns = [
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in self._get_values(model).items()
        ]
        self.env.execute_query(
            SQL(
                "UPDATE %s SET %s WHERE id = %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(columns),
                row[0],
            )
        )

    def _drop_constraints(self, table):
        commands = self.env.execute_query(
            SQL(
                """SELECT format('DROP CONSTRAINT %%I', conname) FROM pg_constraint
                    WHERE conrelid = %(table)s::regclass AND contype IN ('c', 'u', 'x')
                   UNION ALL
                   SELECT format('ALTER COLUMN %%I DROP NOT NULL', attname) FROM pg_attribute
                    WHERE attrelid = %(table)s::regclass AND attnotnull AND attnum > 0
                      AND attname != 'id'""",
                table=table,
            )
        )
        if commands:
            actions = SQL(", ").join(SQL(command) for (command,) in commands)
            self.env.cr.execute(SQL("ALTER TABLE %s %s", SQL.identifier(table), actions))

    def _get_values(self, model):
        values = {}
        for name, field in model._fields.items():
            if not field.store or not field.column_type or field.company_dependent:
                continue
            if field.type == "many2one":
                values[name] = self._get_target(model, field.comodel_name)
            elif field.type == "datetime":
                values[name] = fields.Datetime.now()
            elif name == "active":
                values[name] = True
            elif name == "state" and field.default:
                values[name] = field.default(model)
        return values

    def _get_target(self, model, name):
        if name in self.fixed:
            return self.fixed[name]
        comodel = self.env[name]
        is_ours = comodel._original_module == ADDON or name in ORDERS
        return self.get(comodel).id if is_ours and comodel != model else None


@tagged("post_install", "-at_install")
class TestRecordRules(TransactionCase):
    """Each record rule refuses a row that is no business of the user, and it alone does.

    The user has just the groups of the rule, the row is a stranger's or of another company. With
    the rule opened the row is seen: nobody can open a rule without a failure here.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "ir.rule")])
        rules = cls.env["ir.rule"].browse(data.mapped("res_id"))
        cls.rules = dict(zip(data.mapped("name"), rules, strict=True))
        stranger = new_test_user(cls.env, "opc_rules_stranger")
        own, foreign = cls.env.company, cls.env["res.company"].create({"name": "Rules foreign"})
        cls.own_world = World(own, stranger)
        cls.world_without_orders = World(own, stranger, dict.fromkeys(ORDERS))
        # The orders are of our company, so that the row's own company alone speaks
        orders = World(own, stranger)
        cls.foreign_world = World(
            foreign, stranger, {name: orders.get(cls.env[name]).id for name in ORDERS}
        )
        cls.users = {}
        # Global rules are tried on somebody whom no rule of a group holds back
        cls.all_roles = (
            cls.env.ref(f"{ADDON}.group_order_manager")
            | cls.env.ref("sales_team.group_sale_salesman_all_leads")
            | cls.env.ref("stock.group_stock_user")
        )

    def _may_be_open(self, name):
        return SEES_ALL.search(name) and name not in LIMITED

    def _get_user(self, groups):
        if groups not in self.users:
            user = new_test_user(self.env, f"opc_rules_{len(self.users)}", groups="base.group_user")
            user.group_ids = groups
            self.users[groups] = user
        return self.users[groups]

    def _get_world(self, name):
        if name.endswith("_company"):
            return self.foreign_world
        return self.world_without_orders if name in LIMITED else self.own_world

    def _get_allowed(self, record, operations):
        """Return what the record's user may do with it, by search too."""
        allowed = {operation for operation in operations if record.has_access(operation)}
        return allowed | {"search" for _found in record.search([("id", "=", record.id)])}

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_each_rule_refuses(self):
        problems = {}
        for name, rule in self.rules.items():
            if not self._may_be_open(name):
                problems[name] = self._find_problem(name, rule)
        self.assertFalse({name: text for name, text in problems.items() if text})

    def _find_problem(self, name, rule):
        user = self._get_user(rule.groups or self.all_roles)
        model = self.env[rule.model_id.model].with_user(user)
        record = self._get_world(name).get(model)
        operations = {
            operation
            for operation in OPERATIONS
            if rule[f"perm_{operation}"] and model.has_access(operation)
        }
        allowed = self._get_allowed(record, operations)
        if allowed:
            return f"does not refuse: {allowed}"
        domain = rule.domain_force
        rule.domain_force = OPEN
        refused = (operations | {"search"}) - self._get_allowed(record, operations)
        rule.domain_force = domain
        return refused and f"is not what refuses: {refused}"

    def test_who_sees_all(self):
        """No rule is open but those of the roles that see all."""
        for name, rule in self.rules.items():
            if rule.domain_force == OPEN:
                self.assertTrue(self._may_be_open(name), f"{name} is open")
                self.assertTrue(rule.groups, f"{name} is open for everybody")
