import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// Long enough to notice a mis-click, short enough not to be in the way
const SHOWN_FOR = 12000;

/**
 * Close the decision screen, say what was decided, and offer to take it back with one click.
 *
 * @param {Object} action client action with ``params``: ``signoff_id``, ``can_undo``, ``title``,
 *     ``message``, ``type``
 */
export function orderDecided(env, action) {
    const { signoff_id, can_undo, title, message, type } = action.params;
    const takeBack = {
        name: _t("Take Back"),
        primary: true,
        onClick: async () => {
            close();
            await env.services.orm.call("order.signoff", "action_undo", [[signoff_id]]);
            env.services.notification.add(_t("Your decision is taken back."), { type: "info" });
            await env.services.action.doAction("soft_reload");
        },
    };
    const close = env.services.notification.add(message, {
        title,
        type,
        autocloseDelay: SHOWN_FOR,
        buttons: can_undo ? [takeBack] : [],
    });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("order_process_control.decided", orderDecided);
