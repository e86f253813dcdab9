import { useEffect } from "@odoo/owl";
import { ROW } from "./board_axis";

const { DateTime } = luxon;
const MINUTE = 60 * 1000;
const CELL = 30;
const ROWS_A_PAGE = 10;

/**
 * One cell of the grid has the focus, wherever the arrows take it. Enter books what is free and opens what is booked;
 * Shift and an arrow lengthen; M picks a booking up, the arrows carry it, Enter puts it down, Escape lets it be.
 */
export function useBoardKeyboard(board) {
    let wantsFocus = false;
    let carried = null;

    const roomRows = () => board.rows.filter((row) => row.room);
    const cell = () => board.body.el?.querySelector(".o_room_board_cursor");
    const length = (cursor) => cursor.to - cursor.from;

    function focus() {
        if (board.state.cursor) {
            wantsFocus = true;
            cell()?.focus();
        }
    }

    useEffect(
        () => {
            if (wantsFocus) {
                cell()?.focus({ preventScroll: true });
            }
        },
        () => [board.state.cursor?.room, board.state.cursor?.from, board.state.cursor?.to, board.data]
    );

    /** Where the keyboard enters: the first room, now or at nine o'clock. */
    function enter() {
        const row = roomRows()[0];
        if (!board.state.cursor && row) {
            const axis = board.axes.get(row.place.id);
            const nine = DateTime.fromISO(axis.days[0].date, { zone: axis.zone }).set({ hour: 9 }).toMillis();
            const now = Math.floor(board.state.now / (CELL * MINUTE)) * CELL * MINUTE;
            const from = axis.shows(now) ? now : nine;
            board.state.cursor = { room: row.room.id, from, to: from + CELL * MINUTE };
        }
        wantsFocus = true;
        cell()?.focus();
    }

    function place(room, from, duration) {
        const target = { room, from, to: from + duration };
        board.state.cursor = target;
        board.state.ghost = carried ? { ...target } : null;
        scroll(room, from);
    }

    function scroll(roomId, from) {
        const index = board.rows.findIndex((row) => row.room?.id === roomId);
        const element = board.scroller.el;
        const top = index * ROW;
        if (top < element.scrollTop) {
            element.scrollTop = top;
        } else if (top + 3 * ROW > element.scrollTop + element.clientHeight) {
            element.scrollTop = top + 3 * ROW - element.clientHeight;
        }
        const x = board.axes.get(board.rows[index].place.id).x(from);
        if (x < element.scrollLeft || x > element.scrollLeft + element.clientWidth - 260) {
            element.scrollLeft = Math.max(x - 60, 0);
        }
    }

    function along(steps) {
        const { cursor } = board.state;
        const axis = board.axes.get(board.room(cursor.room).place);
        place(cursor.room, axis.step(cursor.from, steps * CELL), length(cursor));
    }

    function across(steps) {
        const { cursor } = board.state;
        const rows = roomRows();
        const index = rows.findIndex((row) => row.room.id === cursor.room);
        const row = rows[Math.min(Math.max(index + steps, 0), rows.length - 1)];
        place(row.room.id, cursor.from, length(cursor));
    }

    function stretch(steps) {
        const { cursor } = board.state;
        place(cursor.room, cursor.from, Math.max(length(cursor) + steps * CELL * MINUTE, CELL * MINUTE));
    }

    function edge(last) {
        const { cursor } = board.state;
        const days = board.axes.get(board.room(cursor.room).place).days;
        const day = days.find((day) => cursor.from >= day.start && cursor.from < day.stop) || days[0];
        place(cursor.room, last ? day.stop - CELL * MINUTE : day.start, length(cursor));
    }

    const under = () => {
        const { room, from, to } = board.state.cursor;
        return board.room(room).bookings.find((booking) => booking.from < to && booking.to > from);
    };

    function act() {
        const { room, from, to } = board.state.cursor;
        if (carried) {
            const booking = carried;
            carried = null;
            return board.confirmMove(booking, room, from);
        }
        const booking = under();
        return booking ? board.open(booking) : board.book(board.room(room), from, to);
    }

    function pickUp() {
        const booking = under();
        if (booking?.movable) {
            carried = booking;
            place(booking.room, booking.from, booking.to - booking.from);
        }
    }

    function letGo() {
        carried = null;
        board.state.ghost = null;
    }

    const keys = {
        ArrowRight: (ev) => (ev.shiftKey && !carried ? stretch(1) : along(1)),
        ArrowLeft: (ev) => (ev.shiftKey && !carried ? stretch(-1) : along(-1)),
        ArrowDown: () => across(1),
        ArrowUp: () => across(-1),
        PageDown: () => across(ROWS_A_PAGE),
        PageUp: () => across(-ROWS_A_PAGE),
        Home: () => edge(false),
        End: () => edge(true),
        Enter: act,
        " ": act,
        m: pickUp,
        M: pickUp,
        Escape: letGo,
    };

    function press(ev) {
        const key = keys[ev.key];
        if (key && !ev.ctrlKey && !ev.metaKey && !ev.altKey && board.state.cursor) {
            ev.preventDefault();
            ev.stopPropagation();
            wantsFocus = true;
            key(ev);
        }
    }

    return { enter, press, focus, isCarrying: () => Boolean(carried), left: () => (wantsFocus = false) };
}
