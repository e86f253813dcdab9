import { registry } from "@web/core/registry";

/** One formal meeting from application to closed tasks, each part clicked by the person whose turn it is. */

const card = (section, button) => `section[data-section='${section}'] button:contains(${button})`;
const openCard = (section) => `section[data-section='${section}'] .o_meeting_card_text`;
const status = (label) => ({ trigger: `.o_arrow_button_current:contains(${label})` });
const confirm = () => ({ trigger: ".modal footer .btn-primary", run: "click" });
const gone = (section) => ({ trigger: `.o_meeting_my_day:not(:has(section[data-section='${section}']))` });

function choose(field, text) {
    return [
        { trigger: `${field} input`, run: `edit ${text}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${text})`, run: "click" },
    ];
}

const PATIENCE = 30000; // milliseconds; a busy machine answers late

function tour(name, url, steps) {
    registry.category("web_tour.tours").add(name, { url, steps: () => steps.map((step) => ({ timeout: PATIENCE, ...step })) });
}

/** Add a person in the given line of the list; the line before has to be left first. */
function participant(line, name) {
    return [
        { trigger: "div[name='participant_ids'] .o_field_x2many_list_row_add a", run: "click" },
        ...choose(`div[name='participant_ids'] .o_selected_row:nth-child(${line}) [name='partner_id']`, name),
    ];
}

tour("meeting_life_apply", "/odoo/my-day", [
    { trigger: "button:contains(Plan a Meeting)", run: "click" },
    ...choose("[name='type_id']", "Reception"),
    { trigger: "[name='name'] :value(Reception)" },
    { trigger: "[name='name'] textarea, [name='name'] input", run: "edit Visit of a new client" },
    ...choose("[name='chair_id']", "Chair Cheng"),
    ...choose("[name='minute_taker_id']", "Taker Tang"),
    ...choose("[name='room_id']", "Maple"),
    ...participant(1, "Member Ma"),
    ...participant(2, "Guest Gu"),
    { trigger: "button[name='action_submit']:contains(Submit for Approval)", run: "click" },
    status("Waiting for approval"),
]);

tour("meeting_life_approve", "/odoo/my-day", [
    { trigger: card("approve", "Approve"), run: "click" },
    gone("approve"),
]);

tour("meeting_life_answer", "/odoo/my-day", [
    { trigger: card("answer", "Accept"), run: "click" },
    gone("answer"),
]);

tour("meeting_life_hold", "/odoo/my-day", [
    { trigger: openCard("agenda"), run: "click" },
    { trigger: "button[name='action_start']", run: "click" },
    status("In progress"),
    { trigger: "button[name='action_sign_in_all']", run: "click" },
    { trigger: "div[name='participant_ids'] .badge:contains(Present)" },
    { trigger: ".o_notebook a:contains(Agenda)", run: "click" },
    { trigger: "div[name='agenda_item_ids'] button[name='action_discuss']", run: "click" },
    { trigger: "div[name='agenda_item_ids'] .badge:contains(Being discussed)" },
    { trigger: "button[name='action_end']", run: "click" },
    confirm(),
    status("Held"),
]);

tour("meeting_life_write_minutes", "/odoo/my-day", [
    { trigger: openCard("minutes_write"), run: "click" },
    { trigger: ".o_data_row td[name='name']:contains(Proposal)", run: "click" },
    { trigger: ".modal [name='notes'] .odoo-editor-editable", run: "editor The client asked for delivery by May." },
    { trigger: ".modal [name='conclusion'] .odoo-editor-editable", run: "editor Deliver by May." },
    { trigger: ".modal .o_form_button_save", run: "click" },
    { trigger: "body:not(:has(.modal))" },
    { trigger: ".o_notebook a:contains(Tasks)", run: "click" },
    { trigger: "div[name='action_item_ids'] .o_field_x2many_list_row_add a", run: "click" },
    { trigger: ".modal [name='name'] input, .modal [name='name'] textarea", run: "edit Send the offer" },
    ...choose(".modal [name='owner_id']", "Member Ma"),
    { trigger: ".modal [name='deadline'] button, .modal [name='deadline'] input", run: "click" },
    { trigger: ".o_datetime_picker .o_today", run: "click" },
    { trigger: ".modal .o_form_button_save", run: "click" },
    { trigger: "div[name='action_item_ids'] .o_data_row:contains(Send the offer)" },
    { trigger: "button[name='action_submit']", run: "click" },
    status("In review"),
]);

tour("meeting_life_review", "/odoo/my-day", [
    { trigger: card("minutes_review", "Approve"), run: "click" },
    gone("minutes_review"),
]);

tour("meeting_life_publish", "/odoo/my-day", [
    { trigger: openCard("minutes_publish"), run: "click" },
    { trigger: "button[name='action_publish']", run: "click" },
    confirm(),
    status("Published"),
]);

tour("meeting_life_work", "/odoo/my-day", [
    { trigger: "section .o_meeting_card_text:contains(Send the offer)", run: "click" },
    { trigger: "button[name='action_acknowledge']", run: "click" },
    { trigger: "button[name='action_submit_result']", run: "click" },
    { trigger: ".modal [name='text'] textarea", run: "edit Offer 42 was sent and confirmed." },
    confirm(),
    status("Submitted"),
]);

tour("meeting_life_accept", "/odoo/my-day", [
    { trigger: "section .o_meeting_card_text:contains(Send the offer)", run: "click" },
    { trigger: "button[name='action_accept']", run: "click" },
    status("Accepted"),
]);

tour("meeting_life_archive", "/odoo/meetings", [
    { trigger: ".o_data_row td:contains(Visit of a new client)", run: "click" },
    { trigger: "button[name='action_open_minutes']", run: "click" },
    { trigger: "button[name='action_archive_minutes']", run: "click" },
    confirm(),
    status("Archived"),
    { trigger: "button[name='action_open_meeting']", run: "click" },
    { trigger: "button[name='action_close']", run: "click" },
    status("Closed"),
]);
