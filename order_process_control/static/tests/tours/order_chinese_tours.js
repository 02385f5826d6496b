/** The day of a team that reads Chinese; the data are made in tests/language/test_chinese.py. */
import { registry } from "@web/core/registry";
import {
    answerAll,
    comment,
    openDecision,
    openRow,
    patient,
    press,
    waitForSignoff,
} from "./order_tour_utils";

const CUSTOMER = "Tour Customer";
const tours = registry.category("web_tour.tours");

tours.add("order_chinese_seller", {
    steps: () => patient([
        { trigger: ".o_breadcrumb:contains(流程中的订单)" },
        { trigger: ".o_menu_brand:contains(订单管控)" },
        ...openRow(CUSTOMER),
        { trigger: "button[name=action_request_review]:contains(提交评审)", run: "click" },
        { trigger: ".o_order_review_strip:contains(评审)" },
        { content: "Where it came from", trigger: "a[name=intake]:contains(接单)" },
    ]),
});

tours.add("order_chinese_signer", {
    steps: () => patient([
        { trigger: ".o_breadcrumb:contains(我的会签)" },
        ...openRow(CUSTOMER),
        ...openDecision(),
        { trigger: ".modal button[name=action_approve]:contains(通过)" },
        press("action_reject"),
        { content: "Refused in Chinese", trigger: ".o_error_dialog:contains(请在意见中说明驳回原因)" },
        { trigger: ".o_error_dialog button:contains(关闭)", run: "click" },
        comment("交期太短，无法备料"),
        answerAll(),
        press("action_reject"),
        waitForSignoff("rejected"),
    ]),
});

tours.add("order_chinese_customer", {
    steps: () => [
        { trigger: "a[name=report_problem]:contains(报告问题)", run: "click", expectUnloadPage: true },
        { trigger: "#category_id", run: "selectByLabel Tour Category" },
        { trigger: "#subject", run: "edit 桌子摇晃" },
        { trigger: "#description", run: "edit 一靠上去就摇晃" },
        { trigger: "input[name^=quantity_]", run: "edit 1" },
        { trigger: "#reason", run: "selectByLabel 不良品" },
        { trigger: "#outcome", run: "selectByLabel 换货" },
        { trigger: "button[name=create_ticket]", run: "click", expectUnloadPage: true },
        { content: "Until when is said", trigger: ".o_ticket_notice:contains(我们最迟于)" },
        { trigger: ".breadcrumb a:contains(我的工单)", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_row:contains(桌子摇晃):contains(已收到)" },
    ],
});
