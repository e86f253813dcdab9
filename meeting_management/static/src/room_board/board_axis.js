import { moment } from "../room_finder/room_time";

const { DateTime } = luxon;

/** Height of a row in pixels; the style sheet says the same. */
export const ROW = 44;
export const STEP = 15 * 60 * 1000;
const HOUR = 60 * 60 * 1000;
const OFFICE = { from: 7, to: 21 };

export const millis = (text) => moment(text, "utc").toMillis();

/**
 * From moments to pixels and back, for one place. Each day is a stretch of real time: 23 or 25 hours where the clocks
 * change, fewer where only the office hours are shown.
 */
export class Axis {
    constructor(place, hours, pixelsPerHour) {
        this.zone = place.tz;
        this.scale = pixelsPerHour / HOUR;
        let left = 0;
        this.days = place.days.map((day) => {
            const stretch = dayStretch(day, place.tz, hours);
            const width = (stretch.stop - stretch.start) * this.scale;
            const placed = { ...stretch, date: day.date, left, width };
            left += width;
            return placed;
        });
        this.width = left;
    }

    /** Pixels from the left edge; what lies outside the shown hours is drawn to their edge. */
    x(time) {
        for (const day of this.days) {
            if (time < day.stop) {
                return day.left + Math.max(time - day.start, 0) * this.scale;
            }
        }
        return this.width;
    }

    /** The moment at that pixel, on a full quarter of an hour. */
    time(x) {
        const day = this.days.find((day) => x < day.left + day.width) || this.days.at(-1);
        const time = day.start + Math.min(Math.max(x - day.left, 0), day.width) / this.scale;
        return Math.floor(time / STEP) * STEP;
    }

    /** One piece for each shown day that the period touches: across midnight it stands on both days. */
    pieces(start, stop) {
        return this.days
            .filter((day) => start < day.stop && stop > day.start)
            .map((day) => {
                const left = this.x(Math.max(start, day.start));
                const right = day.left + (Math.min(stop, day.stop) - day.start) * this.scale;
                return { left, width: right - left, cut: start < day.start, open: stop > day.stop };
            });
    }

    /** Hour marks of every day: each hour where there is room, else every third or sixth. */
    get ticks() {
        const pixels = HOUR * this.scale;
        const every = pixels >= 34 ? 1 : pixels >= 14 ? 3 : 6;
        const ticks = [];
        for (const day of this.days) {
            for (let time = day.start; time < day.stop; time += HOUR) {
                const hour = DateTime.fromMillis(time, { zone: this.zone }).hour;
                if (hour % every === 0) {
                    ticks.push({ key: time, left: this.x(time), label: `${hour}` });
                }
            }
        }
        return ticks;
    }

    /** The start one step further along what is shown, from one day's end to the next day's beginning. */
    step(time, minutes) {
        const moved = time + minutes * 60 * 1000;
        const index = this.days.findIndex((day) => time >= day.start && time < day.stop);
        const day = this.days[index];
        if (!day) {
            return this.days[0].start;
        }
        if (moved >= day.stop) {
            return this.days[index + 1]?.start ?? time;
        }
        if (moved < day.start) {
            return index ? this.days[index - 1].stop + moved - day.start : time;
        }
        return moved;
    }

    shows(time) {
        return this.days.some((day) => time >= day.start && time < day.stop);
    }
}

/** Rivals for one time stand below one another: each piece gets `top` and `bottom`, its share of the row in percent. */
export function stacked(pieces) {
    let cluster = [];
    let end = -Infinity;
    const share = () => {
        const lanes = Math.max(...cluster.map((piece) => piece.lane)) + 1;
        for (const piece of cluster) {
            piece.top = (100 * piece.lane) / lanes;
            piece.bottom = (100 * (lanes - piece.lane - 1)) / lanes;
        }
    };
    for (const piece of [...pieces].sort((one, other) => one.left - other.left)) {
        if (piece.left >= end) {
            share();
            cluster = [];
        }
        const taken = new Set(cluster.filter((other) => other.left + other.width > piece.left).map((other) => other.lane));
        piece.lane = 0;
        while (taken.has(piece.lane)) {
            piece.lane += 1;
        }
        cluster.push(piece);
        end = Math.max(end, piece.left + piece.width);
    }
    share();
    return pieces;
}

function dayStretch(day, zone, { from, to }) {
    if (from === 0 && to === 24) {
        return { start: millis(day.start), stop: millis(day.stop) };
    }
    const at = (hour) => DateTime.fromISO(day.date, { zone }).set({ hour }).toMillis();
    return { start: from ? at(from) : millis(day.start), stop: to < 24 ? at(to) : millis(day.stop) };
}

/** Office hours, widened to whatever is booked outside them: nothing that is booked stays unseen. */
export function shownHours(board, wholeDay) {
    if (wholeDay) {
        return { from: 0, to: 24 };
    }
    let { from, to } = OFFICE;
    const zones = Object.fromEntries(board.places.map((place) => [place.id, place]));
    const places = Object.fromEntries(board.rooms.map((room) => [room.id, zones[room.place]]));
    for (const booking of board.bookings) {
        const place = places[booking.room];
        for (const day of place.days) {
            const start = Math.max(millis(booking.start), millis(day.start));
            const stop = Math.min(millis(booking.stop), millis(day.stop));
            if (start < stop) {
                const last = DateTime.fromMillis(stop - 1, { zone: place.tz });
                from = Math.min(from, DateTime.fromMillis(start, { zone: place.tz }).hour);
                to = Math.max(to, last.hour + 1);
            }
        }
    }
    return { from, to };
}
