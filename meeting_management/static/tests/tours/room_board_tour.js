import { registry } from "@web/core/registry";

/** The room board by keyboard and by hand, on the following day, which begins at seven o'clock on the screen. */

const cell = ".o_room_board_cursor:focus";
const press = (...keys) => keys.map((key) => ({ trigger: cell, run: `press ${key}` }));
const row = (room) => `.o_room_board_row[data-room='${room}']`;
const track = (room) => `${row(room)} .o_room_board_track`;
const shownDay = () => document.querySelector(".o_room_board_scroller").dataset.day;
const nextDay = [
    { trigger: row("Maple") },
    {
        trigger: ".o_room_board_next",
        async run({ click }) {
            const before = shownDay();
            await click();
            while (shownDay() === before) {
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
        },
    },
];
const bookUnder = (purpose) => [
    { trigger: ".modal #room_booking_purpose", run: `edit ${purpose}` },
    { trigger: ".modal .o_room_booking_confirm", run: "click" },
    { trigger: `body:not(:has(.modal)) .o_room_board_bar:contains(${purpose})` },
];

/** Real pointer events from one hour of the clock to another, along the room's row. */
function drag(room, from, to, bar) {
    return {
        trigger: bar ? `${row(room)} .o_room_board_bar:contains(${bar})` : track(room),
        run() {
            const line = document.querySelector(track(room));
            const box = line.getBoundingClientRect();
            const hours = 14; // seven to nine in the evening
            const x = (hour) => box.left + ((hour - 7) / hours) * box.width + 2;
            const y = box.top + box.height / 2;
            const fire = (type, target, hour) =>
                target.dispatchEvent(
                    new PointerEvent(type, { bubbles: true, button: 0, clientX: x(hour), clientY: y, pointerType: "mouse" })
                );
            const target = bar ? line.querySelector(`[data-booking='${bar}']`) : line;
            fire("pointerdown", target, from);
            fire("pointermove", window, (from + to) / 2);
            fire("pointermove", window, to);
            fire("pointerup", window, to);
        },
    };
}

const PATIENCE = 30000; // milliseconds; a busy machine answers late

function tour(name, steps) {
    const patient = () => [...nextDay, ...steps].map((step) => ({ timeout: PATIENCE, ...step }));
    registry.category("web_tour.tours").add(name, { url: "/odoo/room-board", steps: patient });
}

tour("meeting_room_board_keyboard", [
    {
        trigger: ".o_room_board_body",
        run() {
            document.querySelector(".o_room_board_body").focus();
        },
    },
    { trigger: `${row("Maple")} .o_room_board_cursor[role='gridcell'][aria-label*='Free']` },
    ...press("ArrowRight", "ArrowRight", "ArrowDown"),
    { trigger: `${row("Cedar")} ${cell}` },
    ...press("ArrowUp"),
    { trigger: `${row("Maple")} ${cell}` },
    ...press("Shift+ArrowRight", "Enter"),
    ...bookUnder("Keyboard training"),
    { trigger: `${cell}[aria-label*='Keyboard training']` },
    ...press("m", "ArrowRight", "ArrowRight"),
    { trigger: `${row("Maple")} .o_room_board_ghost` },
    ...press("Enter"),
    { trigger: ".modal footer .btn-primary:contains(Move)", run: "click" },
    { trigger: "body:not(:has(.modal)) .o_notification:contains(Moved to Maple)" },
]);

tour("meeting_room_board_drag", [
    { trigger: ".o_room_board_bar:contains(Rival):not(.o_movable)" },
    drag("Maple", 10, 11.75),
    ...bookUnder("Dragged training"),
    drag("Maple", 10.5, 11.5, "Dragged training"),
    { trigger: ".modal footer .btn-primary:contains(Move)", run: "click" },
    { trigger: "body:not(:has(.modal)) .o_notification:contains(Moved to Maple)" },
    drag("Maple", 11.5, 15.5, "Dragged training"),
    { trigger: ".modal footer .btn-primary:contains(Move)", run: "click" },
    { trigger: ".o_notification:contains(It stays where it was):contains(taken)" },
    { trigger: `${row("Maple")} .o_room_board_bar[title*='11:00']:contains(Dragged training)` },
]);
