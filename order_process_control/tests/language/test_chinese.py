import re

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..after_sales.common import TicketCommon
from ..common import MissingDebianAssetMixin, OrderProcessCommon

MODULES = ("order_process_control", "sale", "portal", "web", "mail")
HAN = re.compile(r"[\u4e00-\u9fff]")


class ChineseMixin:
    @classmethod
    def _speak_chinese(cls, *users):
        """Everybody of ``users`` reads Simplified Chinese, as after *Add Languages*."""
        cls.env["res.lang"]._activate_lang("zh_CN")
        modules = cls.env["ir.module.module"].search([("name", "in", MODULES)])
        modules._update_translations(["zh_CN"])
        for user in users:
            user.lang = "zh_CN"


@tagged("post_install", "-at_install")
class TestChineseStaff(ChineseMixin, MissingDebianAssetMixin, HttpCase):
    """The demo's people, in Chinese."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        logins = ("seller", "sales_manager")
        users = [cls.env["res.users"].search([("login", "=", login)]) for login in logins]
        cls.seller, cls.manager = users
        cls._speak_chinese(*users)
        product = cls.env["product.product"].create({"name": "Tour Desk", "list_price": 900})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.env["res.partner"]
                .create(
                    {
                        "name": "Tour Customer",
                        "street": "人民路 1 号",
                        "city": "上海",
                        "zip": "200000",
                        "email": "tour@example.com",
                        "phone": "+86 21 5555 0100",
                        "country_id": cls.env.ref("base.cn").id,
                    }
                )
                .id,
                "user_id": cls.seller.id,
                "medium_id": cls.env.ref("utm.utm_medium_email").id,
                "special_reason_ids": cls.env["order.special.reason"]
                .search([("name", "=", "Customised product")])
                .ids,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )

    def test_order(self):
        self.start_tour("/odoo/orders-in-process", "order_chinese_seller", login="seller")
        self.assertEqual(self.order.review_state, "in_review")
        self.start_tour("/odoo/my-signoffs", "order_chinese_signer", login="sales_manager")
        self.env.invalidate_all()
        self.assertEqual(self.order.review_state, "rejected")

    def test_form_on_paper(self):
        self.order.with_user(self.seller).action_request_review()
        report = self.env["ir.actions.report"].with_user(self.seller).with_context(lang="zh_CN")
        html = report._render_qweb_html("order_process_control.order_review_form", self.order.ids)[
            0
        ].decode()
        for word in ("合同/订单评审表", "客户", "销售人员", "报价单"):
            self.assertIn(word, html)
        day = self.order.current_review_id.requested_at
        self.assertIn(f"{day:%Y/%m}", html)

    def test_every_label_is_chinese(self):
        """Nothing of the addon's own fields and menus is left in English."""
        fields = self.env["ir.model.fields"].with_context(lang="zh_CN")
        own = fields.search([("model", "=like", "order.%"), ("name", "!=", "id")])
        labels = own.filtered(
            # is_for_...: who may read a record, never shown
            lambda f: f.modules == "order_process_control" and not f.name.startswith("is_for_")
        )
        english = labels.filtered(lambda f: not HAN.search(f.field_description))
        self.assertFalse(english.mapped(lambda f: f"{f.model}.{f.name}: {f.field_description}"))
        root = self.env.ref("order_process_control.menu_root")
        menus = (
            self.env["ir.ui.menu"].with_context(lang="zh_CN").search([("id", "child_of", root.id)])
        )
        self.assertFalse(menus.filtered(lambda menu: not HAN.search(menu.name)).mapped("name"))


@tagged("post_install", "-at_install")
class TestChineseCustomer(ChineseMixin, TicketCommon, HttpCase):
    """A customer in the portal, in Chinese."""

    def test_ticket(self):
        self.category.name = "Tour Category"
        user = self._portal_user(self.contact)
        user.password = user.login
        self._speak_chinese(user)
        self.category.with_context(lang="zh_CN").name = "Tour Category"
        order = self._deliver()
        self.start_tour(f"/my/orders/{order.id}", "order_chinese_customer", login=user.login)
        ticket = self.env["order.ticket"].search([("order_id", "=", order.id)])
        self.assertEqual((ticket.subject, ticket.line_ids.quantity), ("桌子摇晃", 1))
        mails = ticket.message_ids.filtered(lambda m: user.partner_id in m.notified_partner_ids)
        self.assertTrue(mails)
        self.assertFalse(mails.filtered(lambda mail: not HAN.search(mail.body)).mapped("body"))

    def test_words_of_ours_in_the_customers_language(self):
        """Who has solved a ticket, or made a visit, need not speak it."""
        self._speak_chinese()
        self.contact.lang = "zh_CN"
        ticket = self._create_ticket(partner_id=self.contact.id)
        visit = self.env["order.ticket.visit"].create(
            {
                "ticket_id": ticket.id,
                "kind": "onsite",
                "user_id": self.agent.id,
                "start": "2026-11-28 08:00:00",
                "work_done": "Screw tightened",
                "result": "solved",
            }
        )
        self.assertNotIn("2026-11-28", visit.with_context(lang="zh_CN").display_name)
        visit.action_finish()
        visit.with_user(self.agent).action_ask_signature()
        self._resolve(ticket)
        told = ticket.message_ids.filtered(
            lambda m: m.message_type == "comment" and self.contact in m.notified_partner_ids
        )
        self.assertEqual(len(told), 2)
        self.assertFalse(told.filtered(lambda mail: not HAN.search(mail.body)).mapped("body"))


@tagged("post_install", "-at_install")
class TestWordsOfReader(OrderProcessCommon):
    # Names, and what somebody wrote or was counted: the same for every reader
    SAME_FOR_ALL = {
        "order.change": {"review_waiting_for"},
        "order.entry.exception": {"waiting_for"},
        "order.expedite": {"review_waiting_for"},
        "order.expedite.confirmation": {"people"},
        "order.signoff": {"change_reason", "minutes", "refund_summary"},
        "order.ticket": {"refund_waiting_for"},
        "sale.order": {"review_waiting_for"},
        "stock.picking": {"ticket_names"},
    }

    def test_computed_words_are_kept_by_language(self):
        """What was put into words for one reader is not shown to the next in another language,
        such as when several people are mailed at once."""
        depends = self.env.registry.field_depends_context
        found = {
            f"{name}.{field.name}"
            for name, model in self.env.registry.items()
            if not (model._abstract or model._transient)
            for field in model._fields.values()
            if field._module == "order_process_control"
            if field.compute and not field.store and not field.related
            if field.type in ("char", "text", "html", "json")
            if field.name not in self.SAME_FOR_ALL.get(name, ())
            if "lang" not in depends[field]
        }
        self.assertFalse(found)

    def test_round_in_two_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._create_step("Sales", self.production)
        order = self._create_order()
        order.action_request_review()
        review = order.current_review_id
        self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "order.review"), ("value", "=", "in_progress")]
        ).with_context(lang="zh_CN").name = "评审中"
        self.assertEqual(review.outcome, "In Review")
        self.assertEqual(review.with_context(lang="zh_CN").outcome, "评审中")
