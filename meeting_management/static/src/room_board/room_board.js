import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { RoomBookingDialog } from "../room_finder/room_booking_dialog";
import { dayName, period, serverText, when } from "../room_finder/room_time";
import { Axis, millis, ROW, shownHours, stacked } from "./board_axis";
import { useBoardKeyboard } from "./board_keyboard";
import { useBoardPointer } from "./board_pointer";

const { DateTime } = luxon;
const HOUR = 60 * 60 * 1000;
const NAME_WIDTH = 176;
const SPARE_ROWS = 6;
const CHANGED = "meeting_management/rooms_changed";

/** Rooms × hours. One call reads the window; what the filters hide is hidden here; the server decides on every move. */
export class RoomBoard extends Component {
    static template = "meeting_management.RoomBoard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.display = { controlPanel: {} };
        this.keepLast = new KeepLast();
        this.row = ROW;
        this.scroller = useRef("scroller");
        this.body = useRef("body");
        this.state = useState({
            day: this.props.action.context?.day || false,
            days: 1,
            wholeDay: false,
            filters: { place: 0, seats: 0, feature: 0, free: false },
            now: Date.now(),
            top: 0,
            height: 600,
            width: 1000,
            ghost: null,
            cursor: null,
        });
        this.board = useState({ data: { places: [], rooms: [], bookings: [], blockings: [], features: [] } });
        this.pointer = useBoardPointer(this);
        this.keyboard = useBoardKeyboard(this);
        this.listen();
        onWillStart(() => this.load());
    }

    /** Somebody else books, the clock goes on, the window changes. */
    listen() {
        const bus = useService("bus_service");
        const reload = debounce(() => this.load(), 300);
        const changed = ({ rooms }) => {
            if (this.data.rooms.some((room) => rooms.includes(room.id))) {
                reload();
            }
        };
        bus.subscribe(CHANGED, changed);
        bus.start();
        let timer;
        onMounted(() => {
            timer = setInterval(() => (this.state.now = Date.now()), 60000);
            this.measure();
        });
        onPatched(() => this.measure());
        useBus(this.ui.bus, "resize", () => this.measure());
        onWillUnmount(() => {
            bus.unsubscribe(CHANGED, changed);
            clearInterval(timer);
            reload.cancel();
        });
        useEffect(
            () => this.showNow(),
            () => [this.state.day, this.state.days, this.ui.isSmall]
        );
    }

    async load() {
        const { day, days } = this.state;
        const data = await this.keepLast.add(
            this.orm.silent.call("meeting.room.board", "get", [day, this.ui.isSmall ? 1 : days])
        );
        this.prepare(data);
        this.state.day = data.day;
        this.board.data = data;
    }

    /** Texts become numbers once, and bookings are found by room. */
    prepare(data) {
        for (const row of [...data.bookings, ...data.blockings, ...data.rooms.flatMap((room) => room.closed)]) {
            row.from = millis(row.start);
            row.to = millis(row.stop);
        }
        const bookings = groupByRoom(data.bookings);
        const blockings = groupByRoom(data.blockings);
        for (const room of data.rooms) {
            room.bookings = bookings.get(room.id) || [];
            room.blockings = blockings.get(room.id) || [];
        }
    }

    get data() {
        return this.board.data;
    }

    measure() {
        const element = this.scroller.el;
        if (element && (element.clientWidth !== this.state.width || element.clientHeight !== this.state.height)) {
            Object.assign(this.state, { width: element.clientWidth, height: element.clientHeight });
        }
    }

    onScroll(ev) {
        this.state.top = ev.target.scrollTop;
    }

    showNow() {
        const axis = this.data.places.length && this.axes.get(this.data.places[0].id);
        if (this.scroller.el && axis?.shows(this.state.now)) {
            this.scroller.el.scrollLeft = axis.x(this.state.now) - 200;
        }
    }

    // -- what is shown --------------------------------------------------------------------------------------

    get axes() {
        const hours = shownHours(this.data, this.state.wholeDay);
        const shown = (hours.to - hours.from) * this.state.days;
        const fitting = (this.state.width - NAME_WIDTH - 2) / shown;
        const scale = Math.max(fitting, this.state.days === 1 ? 36 : 6);
        return new Map(this.data.places.map((place) => [place.id, new Axis(place, hours, scale)]));
    }

    get rooms() {
        const { place, seats, feature, free } = this.state.filters;
        return this.data.rooms.filter(
            (room) =>
                (!place || room.place === place) &&
                room.capacity >= seats &&
                (!feature || room.features.includes(feature)) &&
                (!free || this.isFreeNow(room))
        );
    }

    /** Rows in order: a heading for each place where there are several, then its rooms. */
    get rows() {
        const rooms = this.rooms;
        const several = this.data.places.length > 1;
        return this.data.places.flatMap((place) => {
            const own = rooms.filter((room) => room.place === place.id);
            const heading = several && own.length ? [{ key: `place-${place.id}`, place }] : [];
            return [...heading, ...own.map((room) => ({ key: `room-${room.id}`, place, room }))];
        });
    }

    /** Only rows in sight are drawn, so that two hundred rooms weigh as little as twenty. */
    view() {
        const rows = this.rows;
        const axes = this.axes;
        const first = Math.max(Math.floor(this.state.top / ROW) - SPARE_ROWS, 0);
        const last = Math.ceil((this.state.top + this.state.height) / ROW) + SPARE_ROWS;
        const shown = rows.slice(first, last).map((row, index) => this.drawn(row, first + index, axes));
        const place = rows[Math.floor(this.state.top / ROW)]?.place || this.data.places[0];
        const width = Math.max(0, ...[...axes.values()].map((axis) => axis.width));
        return { rows: shown, count: rows.length, axis: place && axes.get(place.id), place, width, height: rows.length * ROW };
    }

    drawn(row, index, axes) {
        const axis = axes.get(row.place.id);
        const drawn = { ...row, index, axis, top: index * ROW };
        if (!row.room) {
            return drawn;
        }
        const pieces = (rows, kind) =>
            rows.flatMap((item) =>
                axis.pieces(item.from, item.to).map((piece, number) => ({ ...piece, item, key: `${kind}-${item.id ?? item.from}-${number}` }))
            );
        const buffers = row.room.bookings.flatMap((booking) => [
            { id: `${booking.id}a`, from: millis(booking.hold_start), to: booking.from },
            { id: `${booking.id}b`, from: booking.to, to: millis(booking.hold_stop) },
        ]);
        drawn.closed = pieces(row.room.closed, "closed");
        drawn.blocked = pieces(row.room.blockings, "blocked");
        drawn.buffers = pieces(buffers.filter((buffer) => buffer.from < buffer.to), "buffer");
        drawn.bars = stacked(pieces(row.room.bookings, "booking"));
        const { ghost, cursor } = this.state;
        drawn.ghost = ghost?.room === row.room.id ? axis.pieces(ghost.from, ghost.to) : [];
        drawn.cursor = cursor?.room === row.room.id ? axis.pieces(cursor.from, cursor.to)[0] : null;
        drawn.now = axis.shows(this.state.now) ? axis.x(this.state.now) : null;
        return drawn;
    }

    room(id) {
        return this.data.rooms.find((room) => room.id === id);
    }

    zone(room) {
        return this.data.places.find((place) => place.id === room.place).tz;
    }

    at(time, room) {
        return DateTime.fromMillis(time, { zone: this.zone(room) });
    }

    when(item, room) {
        return when(this.at(item.from, room), this.at(item.to, room));
    }

    period(item, room) {
        return period(this.at(item.from, room), this.at(item.to, room));
    }

    dayName(date) {
        return dayName(DateTime.fromISO(date));
    }

    describe(booking, room) {
        const parts = [booking.title, this.period(booking, room), booking.state_label, booking.who];
        return parts.filter(Boolean).join(" · ");
    }

    /** What stands at that place of the board, in words, for who does not see it. */
    label(cursor) {
        const room = this.room(cursor.room);
        const found = this.inTheWay(room, cursor);
        const named = found ? (found.title ? this.describe(found, room) : found.name || _t("Closed Hours")) : _t("Free");
        const blocking = found?.title && room.blockings.find((item) => item.from < found.to && item.to > found.from);
        const what = blocking ? `${named} · ${blocking.name}` : named;
        return `${room.name}, ${this.when(cursor, room)}: ${what}`;
    }

    inTheWay(room, { from, to }) {
        const touches = (item) => item.from < to && item.to > from;
        return room.bookings.find(touches) || room.blockings.find(touches) || room.closed.find(touches);
    }

    /** Only where the shown days include this moment is it known who is in which room now. */
    isFreeNow(room) {
        const days = this.data.places.find((place) => place.id === room.place).days;
        const isShown = millis(days[0].start) <= this.state.now && this.state.now < millis(days.at(-1).stop);
        return isShown && !this.inTheWay(room, { from: this.state.now, to: this.state.now + 1 });
    }

    /** The phone's list: what is booked on that day, in order. */
    entries(room) {
        return [...room.bookings, ...room.blockings].sort((a, b) => a.from - b.from);
    }

    // -- going about ----------------------------------------------------------------------------------------

    get title() {
        const day = DateTime.fromISO(this.state.day);
        return this.state.days === 1 || this.ui.isSmall
            ? day.toLocaleString({ weekday: "long", year: "numeric", month: "long", day: "numeric" })
            : `${dayName(day)} – ${dayName(day.plus({ days: 6 }))}`;
    }

    /** ``day`` false: today, as the place counts. A week begins on Monday. */
    async show(day, days = this.state.days) {
        const monday = days === 7 && day ? DateTime.fromISO(day).startOf("week").toISODate() : day;
        Object.assign(this.state, { day: monday, days, cursor: null, ghost: null });
        await this.load();
        if (days === 7 && !day) {
            await this.show(this.state.day);
        }
    }

    move(direction) {
        return this.show(DateTime.fromISO(this.state.day).plus({ days: direction * this.state.days }).toISODate());
    }

    today() {
        return this.show(false);
    }

    async toggleFree() {
        if (!this.state.filters.free) {
            await this.today();
        }
        this.setFilter("free", !this.state.filters.free);
    }

    setFilter(name, value) {
        this.state.filters[name] = value;
        this.state.cursor = null;
    }

    // -- booking, opening, moving ---------------------------------------------------------------------------

    book(room, from, to) {
        this.dialog.add(
            RoomBookingDialog,
            {
                rooms: [room],
                start: serverText(DateTime.fromMillis(from)),
                stop: serverText(DateTime.fromMillis(to)),
                zone: this.zone(room),
                onDone: () => this.load(),
            },
            {
                onClose: () => {
                    this.state.ghost = null;
                    this.keyboard.focus();
                },
            }
        );
    }

    /** On the phone: the first free hour from now on, or from nine o'clock of another day. */
    bookNext(room) {
        const zone = this.zone(room);
        const nine = DateTime.fromISO(this.state.day, { zone }).set({ hour: 9 }).toMillis();
        let from = Math.max(nine, Math.ceil(this.state.now / (HOUR / 4)) * (HOUR / 4));
        for (let found; (found = this.inTheWay(room, { from, to: from + HOUR })) && found.to > from; ) {
            from = found.to;
        }
        this.book(room, from, from + HOUR);
    }

    open(booking) {
        if (booking.meeting) {
            return this.openForm("meeting.meeting", booking.meeting);
        }
        return this.openForm("meeting.booking", booking.id, "new");
    }

    openForm(model, id, target = "current") {
        return this.action.doAction(
            { type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]], target },
            { onClose: () => this.load() }
        );
    }

    /** Ask, then let the server decide; a refused move goes back to its place and says why. */
    confirmMove(booking, roomId, from) {
        const room = this.room(roomId);
        const target = { from, to: from + booking.to - booking.from };
        const back = () => {
            this.state.ghost = null;
            this.keyboard.focus();
        };
        if (roomId === booking.room && from === booking.from) {
            return back();
        }
        this.dialog.add(
            ConfirmationDialog,
            {
                title: _t("Move the booking?"),
                body: _t("“%(title)s” moves to %(room)s, %(when)s.", {
                    title: booking.title,
                    room: room.name,
                    when: this.when(target, room),
                }),
                confirmLabel: _t("Move"),
                confirm: () => this.moveTo(booking, room, from),
                cancel: () => {},
            },
            { onClose: back }
        );
    }

    async moveTo(booking, room, from) {
        try {
            const start = serverText(DateTime.fromMillis(from));
            const args = [booking.id, room.id, start];
            const { message, action } = await this.orm.silent.call("meeting.room.board", "move", args);
            if (action) {
                await this.action.doAction(action, { onClose: () => this.load() });
            } else {
                this.notification.add(message, { type: "success" });
            }
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.notification.add(error.data.message, { type: "danger", title: _t("It stays where it was") });
        }
        await this.load();
    }

    openFinder() {
        this.action.doAction("meeting_management.meeting_room_finder_action");
    }
}

function groupByRoom(rows) {
    const groups = new Map();
    for (const row of rows) {
        groups.set(row.room, groups.get(row.room) || []);
        groups.get(row.room).push(row);
    }
    return groups;
}

registry.category("actions").add("meeting_management.room_board", RoomBoard);
