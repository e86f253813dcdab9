import { localization } from "@web/core/l10n/localization";

const { DateTime } = luxon;

/** Moments come from the server as UTC strings and are shown on the clocks of a place. */

export function moment(text, zone) {
    return DateTime.fromSQL(text, { zone: "utc" }).setZone(zone);
}

export function serverText(dateTime) {
    return dateTime.toUTC().toFormat("yyyy-MM-dd HH:mm:ss");
}

/** Hours and minutes in the reader's own format, without seconds. */
export function clock(dateTime) {
    return dateTime.toFormat(localization.timeFormat.replace(/:ss/, ""));
}

export function dayName(dateTime) {
    return dateTime.toLocaleString({ weekday: "short", day: "numeric", month: "short" });
}

/** “14:00 – 15:30”, and the second day where it is another. */
export function period(start, stop) {
    const end = start.hasSame(stop, "day") ? clock(stop) : `${dayName(stop)} ${clock(stop)}`;
    return `${clock(start)} – ${end}`;
}

export function when(start, stop) {
    return `${dayName(start)}, ${period(start, stop)}`;
}
