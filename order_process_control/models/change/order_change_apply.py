from odoo import fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process, written_by_process
from .simulation import rename_lines


class OrderChange(models.Model):
    """Doing what was agreed: order, deliveries and purchases in one transaction."""

    _inherit = "order.change"

    def _apply(self):
        """Make of the order what was agreed, in the name of who requested it.

        :raise UserError: when the order can not become exactly that any more
        """
        self.ensure_one()
        problems = self._get_order_problems()
        if problems:
            raise UserError(" ".join(problems))
        order, new_lines = self._write_order(self.requested_by)
        content, words = order._get_review_snapshots()[order.id]
        self._check_result(*rename_lines(content, words, new_lines))
        self._stamp_order(content, new_lines)
        as_process(self).write({"state": "applied", "applied_at": fields.Datetime.now()})
        self._log_events("applied")
        self._close_tasks()
        self._log(self.env._("Applied"))
        if self.requested_by != self.env.user:
            self._plan_task("applied", self.env._("applied: tell the customer"))

    def _check_result(self, content, words):
        """:raise UserError: with the difference, when ``content`` is not what was agreed."""
        fingerprint = self.order_id._get_fingerprint(content)
        agreed = self.order_id._get_fingerprint((self.after or {}).get("content"))
        if fingerprint != agreed and not (
            self.review_id and self.review_id._is_bound_to(fingerprint)
        ):
            raise UserError(self._get_drift_words(content, words))

    def _stamp_order(self, content, new_lines):
        """Let the release of the order be the round of this change, of exactly what it is now."""
        order, review = self.order_id, self.review_id
        names = {placeholder: line_id for line_id, placeholder in new_lines.items()}
        after = rename_lines(self.after["content"], self.after["snapshot"], names)
        as_process(self).after = {"content": after[0], "snapshot": after[1]}
        if review:
            # What was signed, with the ids that the new lines have now
            signed, words = rename_lines(review.content, review.snapshot, names)
            fingerprint = order._get_fingerprint(content)
            review.write({"content": signed, "snapshot": words, "bound_fingerprint": fingerprint})
        as_process(order).write(self._prepare_stamp_vals(content))

    def _prepare_stamp_vals(self, content):
        if self.review_id:
            return {
                "current_review_id": self.review_id.id,
                "release_id": self.review_id.id,
                "release_exempt": False,
                "release_reason": False,
                "exempt_fingerprint": False,
            }
        vals = {"exempt_fingerprint": self.order_id._get_fingerprint(content)}
        if self.order_id.release_id:
            vals |= {
                "release_id": False,
                "release_exempt": True,
                "release_reason": self.env._("No review step applied to change %s.", self.name),
            }
        return vals

    # === WRITING THE ORDER ===#

    def _write_order(self, user, **context):
        """Write what is proposed, as ``user`` and as the process (the caller is superuser).

        The token covers what Odoo makes follow as well, deliveries and purchases: it is Odoo's
        own consequence of values that were agreed.

        :return: (the order as the process sees it, ``{id of a new line: its name in the change}``)
        """
        self.ensure_one()
        proposed = self._get_proposed() if self.state == "draft" else self.proposed
        order = as_process(self.order_id._as_internal(user).with_context(**context))
        was_locked = order.locked
        if was_locked:
            order.action_unlock()
        header = self._get_header_changes(proposed["header"])
        # What is computed from these values is computed as the process, too
        with written_by_process(order):
            if header:
                order._write_agreed_header(header)
            new_lines = self.line_ids.browse(proposed["lines"])._write_lines(order)
        if was_locked:
            order.action_lock()
        return order, new_lines

    def _get_proposed(self):
        """Return which values and lines differ from the order as it is now.

        Only these are written: what else becomes of the order while the departments look at the
        change is not taken back by it.
        """
        self.ensure_one()
        return {
            "header": list(self._get_header_changes(self._get_header_fields())),
            "lines": self.line_ids.filtered("is_changed").ids,
        }

    def _get_header_changes(self, names):
        """Return those of the values ``names`` that differ from the order's."""
        self.ensure_one()
        order = self.order_id
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in names
            if (self[name] or False) != (order[name] or False)
        }


class OrderChangeLine(models.Model):
    _inherit = "order.change.line"

    def _write_lines(self, order):
        """Change the lines of ``order`` as Odoo's form does, then add the new ones.

        :return: ``{id of a new line: its name in the change}``, both as text
        """
        updates = [
            fields.Command.update(line.order_line_id.id, vals)
            for line in self
            if (vals := line._get_changed_vals())
        ]
        if updates:
            order.write({"order_line": updates})
        added = self.filtered(lambda line: not line.order_line_id and not line.is_removed)
        sequence = max(order.order_line.mapped("sequence"), default=0)
        lines = order.order_line.create(
            [
                {**line._get_values(), "order_id": order.id, "sequence": sequence + position}
                for position, line in enumerate(added, start=1)
            ]
        )
        return {str(line.id): f"new-{own.id}" for line, own in zip(lines, added, strict=True)}
