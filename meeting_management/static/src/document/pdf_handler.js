import { registry } from "@web/core/registry";
import { download } from "@web/core/network/download";
import { user } from "@web/core/user";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

/**
 * Our PDFs are drawn by WeasyPrint. Odoo would first ask whether wkhtmltopdf is installed and show a web page where it is
 * not; our own reports go straight to the download.
 */
async function downloadMeetingReport(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !action.report_name.startsWith("meeting_management.report_")) {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf", user.context), action.report_type]),
                context: JSON.stringify(user.context),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    options.onClose?.();
    return true;
}

registry.category("ir.actions.report handlers").add("meeting_management", downloadMeetingReport);
