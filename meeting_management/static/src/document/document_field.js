import { Component, useExternalListener, useRef, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Shows a printed document on the screen: the page that also becomes the PDF, as tall as it is, so that it scrolls with
 * the form. The sandbox runs no script of it and loads nothing but what the page holds.
 */
export class MeetingDocumentField extends Component {
    static template = xml`
        <iframe t-ref="frame" class="w-100 border-0" t-att-title="title" sandbox="allow-same-origin allow-popups"
                t-att-srcdoc="page" t-on-load="fit"/>`;
    static props = { ...standardFieldProps };

    setup() {
        this.frame = useRef("frame");
        this.title = _t("Printed Minutes");
        useExternalListener(window, "resize", () => this.fit());
    }

    get page() {
        return (this.props.record.data[this.props.name] || "").toString();
    }

    fit() {
        const root = this.frame.el?.contentDocument?.documentElement;
        if (root) {
            this.frame.el.style.height = "0";
            this.frame.el.style.height = `${root.scrollHeight}px`;
        }
    }
}

registry.category("fields").add("meeting_document", {
    component: MeetingDocumentField,
    supportedTypes: ["html"],
});
