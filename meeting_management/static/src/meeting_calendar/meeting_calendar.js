import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** A draft goes where it is dragged; an announced meeting through “Reschedule”, with the new time filled in. */
export class MeetingCalendarModel extends CalendarModel {
    async updateRecord(record, options = {}) {
        try {
            if (this.data.records[record.id]?.rawRecord.state === "scheduled") {
                await this.reschedule(record.id, this.buildRawRecord(record, options));
            } else {
                await super.updateRecord(record, options);
            }
        } catch (error) {
            // refused: it goes back to its place while the sentence says why
            await this.load();
            throw error;
        }
    }

    async reschedule(id, { start, stop }) {
        const action = await this.orm.call(this.meta.resModel, "action_reschedule", [[id]]);
        const hours = deserializeDateTime(stop).diff(deserializeDateTime(start), "hours").hours;
        const context = { ...action.context, default_start: start, default_duration: hours };
        await this.env.services.action.doAction(
            { ...action, context, views: [[false, "form"]] },
            { onClose: () => this.load() }
        );
    }
}

registry.category("views").add("meeting_calendar", { ...calendarView, Model: MeetingCalendarModel });
