"""Promised are days, and a day begins where its reader is."""

from odoo import fields


def with_zone(records):
    """Return ``records`` in an environment with a time zone: that of the context, of the user, or
    of the first company, for what nobody in particular looks up."""
    env = records.env
    # Of the cache: reading the user would be a query a call
    name = env.context.get("tz") or env["res.users"].context_get().get("tz")
    return records.with_context(tz=name or records.company_id[:1].partner_id.tz or "UTC")


def get_day(record, moment):
    """Return the day of a moment in UTC where ``record`` is read, None for no moment."""
    return moment and fields.Datetime.context_timestamp(record, moment).date() or None


def get_today(record):
    """Return today where ``record`` is read."""
    return fields.Date.context_today(record)
