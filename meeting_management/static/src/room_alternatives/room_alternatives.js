import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What would do in place of a room that was refused or lost; one click takes it. */
export class RoomAlternatives extends Component {
    static template = "meeting_management.RoomAlternatives";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ busy: false });
    }

    get offers() {
        return this.props.record.data[this.props.name] || [];
    }

    async take(offer) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const { resModel, resId, model } = this.props.record;
            await model.root.save();
            const args = [[resId], offer.room, offer.start, offer.stop];
            const { message, action } = await this.orm.call(resModel, "take_alternative", args);
            if (message) {
                this.notification.add(message, { type: "success" });
            }
            if (action) {
                await this.action.doAction(action, { onClose: () => model.root.load() });
            }
            await model.root.load();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("fields").add("meeting_alternatives", {
    component: RoomAlternatives,
    supportedTypes: ["json"],
});
