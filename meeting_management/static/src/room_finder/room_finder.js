import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RoomBookingDialog } from "./room_booking_dialog";
import { clock, dayName, moment, period, when } from "./room_time";

const LENGTHS = [15, 30, 45, 60, 90, 120, 180, 240, 480];
const KIND_ICONS = {
    shift: "fa-clock-o",
    day: "fa-calendar-o",
    shorter: "fa-compress",
    room: "fa-building-o",
    two_rooms: "fa-th-large",
};

/** “A room for 12 with a video system, Tuesday afternoon, 90 minutes”: one screen, one call, one click to book. */
export class RoomFinder extends Component {
    static template = "meeting_management.RoomFinder";
    static components = { Layout, MultiRecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.keepLast = new KeepLast();
        this.state = useState({ criteria: {}, options: {}, result: null, chosen: {}, error: "", busy: false });
        this.search = useDebounced(() => this.find(), 250);
        onWillStart(async () => {
            const given = this.props.action.context?.meeting_id || false;
            const { criteria, ...options } = await this.call("open", [given]);
            Object.assign(this.state, { criteria, options });
            await this.find();
        });
    }

    call(method, args) {
        return this.orm.call("meeting.room.finder", method, args);
    }

    async find() {
        try {
            const result = await this.keepLast.add(
                this.orm.silent.call("meeting.room.finder", "find", [this.state.criteria])
            );
            Object.assign(this.state, { result, chosen: {}, error: "" });
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.error = error.data.message;
        }
    }

    // -- the question ---------------------------------------------------------------------------------------

    get lengths() {
        const own = this.state.criteria.minutes;
        return [...new Set([...LENGTHS, own])].sort((a, b) => a - b);
    }

    lengthLabel(minutes) {
        return minutes % 60 ? _t("%s min", minutes) : _t("%s h", minutes / 60);
    }

    get parts() {
        return [
            { key: "day", label: _t("Any time") },
            { key: "morning", label: _t("Morning") },
            { key: "afternoon", label: _t("Afternoon") },
            { key: "exact", label: _t("Exact") },
        ];
    }

    set(name, value) {
        this.state.criteria[name] = value;
        this.search();
    }

    setNumber(name, value, least) {
        this.set(name, Math.max(Math.floor(Number(value)) || 0, least));
    }

    toggleFeature(id) {
        const features = this.state.criteria.features;
        this.set("features", features.includes(id) ? features.filter((other) => other !== id) : [...features, id]);
    }

    moveDay(days) {
        const day = luxon.DateTime.fromISO(this.state.criteria.day).plus({ days });
        this.set("day", day.toISODate());
    }

    get dayLabel() {
        return dayName(luxon.DateTime.fromISO(this.state.criteria.day));
    }

    /** Whoever was named comes too: the room has to hold at least them. */
    setPartners(partners) {
        this.state.criteria.people = Math.max(this.state.criteria.people, partners.length);
        this.set("partners", partners);
    }

    takeCommon(stretch) {
        const start = moment(stretch.start, this.zone);
        Object.assign(this.state.criteria, { day: start.toISODate(), part: "exact", at: start.toFormat("HH:mm") });
        this.search();
    }

    // -- the answer -----------------------------------------------------------------------------------------

    get zone() {
        return this.state.result.zone;
    }

    get groups() {
        const rooms = this.state.result.rooms;
        return {
            free: rooms.filter((room) => room.status !== "refused"),
            refused: rooms.filter((room) => room.status === "refused"),
        };
    }

    at(text) {
        return clock(moment(text, this.zone));
    }

    period(slot) {
        return period(moment(slot.start, this.zone), moment(slot.stop, this.zone));
    }

    when(slot) {
        return when(moment(slot.start, this.zone), moment(slot.stop, this.zone));
    }

    slot(room) {
        const chosen = this.state.chosen[room.id];
        return room.slots.find((slot) => (chosen ? slot.start === chosen : slot.best));
    }

    choose(room, slot) {
        this.state.chosen[room.id] = slot.start;
    }

    sizeText(room) {
        if (!this.state.criteria.people) {
            return _t("%s seats", room.capacity);
        }
        return room.spare > 0
            ? _t("%(seats)s seats, %(spare)s to spare", { seats: room.capacity, spare: room.spare })
            : _t("%s seats, just right", room.capacity);
    }

    icon(offer) {
        return KIND_ICONS[offer.kind];
    }

    kindLabel(offer) {
        return {
            shift: _t("Another time"),
            day: _t("Another day"),
            shorter: _t("Shorter"),
            room: _t("Another room"),
            two_rooms: _t("Two rooms"),
        }[offer.kind];
    }

    names(offer) {
        return offer.rooms.map((room) => `${room.name} (${room.capacity})`).join(" + ");
    }

    // -- one click ------------------------------------------------------------------------------------------

    take(rooms, slot) {
        return this.state.options.meeting ? this.takeForMeeting(rooms, slot) : this.book(rooms, slot);
    }

    book(rooms, slot) {
        const { people } = this.state.criteria;
        this.dialog.add(RoomBookingDialog, {
            rooms,
            start: slot.start,
            stop: slot.stop,
            zone: this.zone,
            people: rooms.length > 1 ? people : Math.min(people, rooms[0].capacity), // one may be a seat short
            features: this.state.criteria.features,
            partners: this.state.criteria.partners,
            types: this.state.options.types,
            onDone: () => this.find(),
        });
    }

    async takeForMeeting(rooms, slot) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const ids = rooms.map((room) => room.id);
            const { message, action } = await this.call("take", [
                this.state.options.meeting.id,
                ids,
                slot.start,
                slot.stop,
            ]);
            if (action) {
                await this.action.doAction(action, { onClose: (info) => info?.dismiss || this.back() });
                return;
            }
            this.notification.add(message, { type: "success" });
            this.back();
        } finally {
            this.state.busy = false;
        }
    }

    back() {
        if (this.env.config.breadcrumbs?.length > 1) {
            this.env.config.historyBack();
        } else {
            this.openMeeting();
        }
    }

    openMeeting() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "meeting.meeting",
            res_id: this.state.options.meeting.id,
            views: [[false, "form"]],
        });
    }

    openBoard() {
        this.action.doAction("meeting_management.meeting_room_board_action", {
            additionalContext: { day: this.state.criteria.day },
        });
    }
}

registry.category("actions").add("meeting_management.room_finder", RoomFinder);
