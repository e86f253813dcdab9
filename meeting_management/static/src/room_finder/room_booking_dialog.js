import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { dayName, moment, serverText } from "./room_time";

/** Book rooms under a purpose, or plan a meeting there. What is typed stays until the server accepts it. */
export class RoomBookingDialog extends Component {
    static template = "meeting_management.RoomBookingDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        rooms: Array,
        start: String,
        stop: String,
        zone: String,
        people: { type: Number, optional: true },
        features: { type: Array, optional: true },
        partners: { type: Array, optional: true },
        types: { type: Array, optional: true },
        onDone: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        const start = moment(this.props.start, this.props.zone);
        const stop = moment(this.props.stop, this.props.zone);
        this.state = useState({
            purpose: "",
            people: this.props.people || 0,
            date: start.toISODate(),
            from: start.toFormat("HH:mm"),
            to: stop.toFormat("HH:mm"),
            days: Math.round(stop.startOf("day").diff(start.startOf("day"), "days").days),
            mode: "book",
            type: "",
            types: this.props.types,
            error: "",
            busy: false,
        });
        this.purpose = useRef("purpose");
        onMounted(() => this.purpose.el.focus());
    }

    get title() {
        return this.props.rooms.map((room) => room.name).join(" + ");
    }

    get day() {
        return dayName(luxon.DateTime.fromISO(this.state.date, { zone: this.props.zone }));
    }

    get needsApproval() {
        return this.props.rooms.some((room) => room.needs_approval);
    }

    async setMode(mode) {
        this.state.mode = mode;
        if (mode === "plan" && !this.state.types) {
            this.state.types = await this.orm.searchRead("meeting.type", [], ["name"]);
        }
    }

    /** The period typed, as the server wants it; an end before the start is on the next day. */
    period() {
        const zone = this.props.zone;
        const start = luxon.DateTime.fromISO(`${this.state.date}T${this.state.from}`, { zone });
        let stop = luxon.DateTime.fromISO(`${this.state.date}T${this.state.to}`, { zone });
        stop = stop.plus({ days: this.state.days });
        return [start, stop <= start ? stop.plus({ days: 1 }) : stop].map(serverText);
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        const ids = this.props.rooms.map((room) => room.id);
        const [start, stop] = this.period();
        const purpose = this.state.purpose.trim();
        if (this.state.mode === "book" && !purpose) {
            this.state.error = _t("Rooms are for meetings: say what you need it for.");
            return this.purpose.el.focus();
        }
        const features = this.props.features || [];
        this.state.busy = true;
        this.state.error = "";
        try {
            if (this.state.mode === "book") {
                const people = Number(this.state.people) || 0;
                const message = await this.call("book", [ids, start, stop, purpose, people, features]);
                this.notification.add(message, { type: "success" });
                this.props.close();
                this.props.onDone();
            } else {
                const type = Number(this.state.type) || false;
                const partners = this.props.partners || [];
                const action = await this.call("plan", [ids, start, stop, purpose, type, partners, features]);
                this.props.close();
                this.action.doAction(action);
            }
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.error = error.data.message;
        } finally {
            this.state.busy = false;
        }
    }

    call(method, args) {
        return this.orm.silent.call("meeting.room.finder", method, args);
    }
}
