import { onWillUnmount } from "@odoo/owl";
import { ROW, STEP } from "./board_axis";

const THRESHOLD = 4;
const CLICKED = 4 * STEP;

/** Drag over free time to book it, drag a booking to move it, click for an hour. Fingers scroll; they tap to book. */
export function useBoardPointer(board) {
    let drag = null;

    function place(ev) {
        const box = board.body.el.getBoundingClientRect();
        const row = board.rows[Math.floor((ev.clientY - box.top) / ROW)];
        const track = board.body.el.querySelector(".o_room_board_track")?.getBoundingClientRect();
        const axis = row && board.axes.get(row.place.id);
        return { room: row?.room, axis, x: ev.clientX - (track?.left ?? 0) };
    }

    function start(ev, room, booking) {
        if (ev.button !== 0) {
            return;
        }
        const { axis, x } = place(ev);
        if (!axis) {
            return;
        }
        const time = axis.time(x);
        drag = { booking, room, axis, x: ev.clientX, y: ev.clientY, time, grip: booking ? time - booking.from : 0, moved: false };
        if (ev.pointerType === "touch") {
            return; // the finger may be about to scroll: a tap is dealt with when it ends
        }
        ev.preventDefault();
        window.addEventListener("pointermove", move);
        window.addEventListener("pointerup", drop);
        window.addEventListener("keydown", escape, true);
    }

    function move(ev) {
        drag.moved ||= Math.hypot(ev.clientX - drag.x, ev.clientY - drag.y) > THRESHOLD;
        if (!drag.moved || (drag.booking && !drag.booking.movable)) {
            return;
        }
        const { room, axis, x } = place(ev);
        if (drag.booking) {
            if (room) {
                const from = Math.round((axis.time(x) - drag.grip) / STEP) * STEP;
                board.state.ghost = { room: room.id, from, to: from + drag.booking.to - drag.booking.from };
            }
        } else {
            const time = drag.axis.time(x);
            const from = Math.min(time, drag.time);
            board.state.ghost = { room: drag.room.id, from, to: Math.max(time, drag.time) + STEP };
        }
    }

    function drop() {
        const { booking, room, moved, time } = drag;
        const ghost = board.state.ghost;
        stop();
        if (booking) {
            return moved && ghost ? board.confirmMove(booking, ghost.room, ghost.from) : !moved && board.open(booking);
        }
        const chosen = moved && ghost ? ghost : { room: room.id, from: time, to: time + CLICKED };
        board.state.ghost = { ...chosen };
        board.book(room, chosen.from, chosen.to);
    }

    function escape(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            stop();
            board.state.ghost = null;
        }
    }

    function stop() {
        drag = null;
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", drop);
        window.removeEventListener("keydown", escape, true);
    }

    /** The browser says “click” after a tap, and not after scrolling. */
    function tap(ev) {
        if (drag && ev.pointerType === "touch") {
            drop();
        }
    }

    onWillUnmount(stop);
    return { start, tap };
}
