import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "meeting.notice.health";

/** For administrators: do the notices leave? Jobs, backlog, failures, what comes; counts only, no names of meetings. */
export class MeetingNoticeHealth extends Component {
    static template = "meeting_management.NoticeHealth";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.display = { controlPanel: {} };
        this.state = useState({ health: null, busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.health = await this.orm.call(MODEL, "get", []);
    }

    get switchedOff() {
        return this.state.health.problems.some((problem) => problem.kind === "off" || problem.kind === "queue_off");
    }

    get failed() {
        return this.state.health.failures.reduce((sum, failure) => sum + failure.count, 0);
    }

    get quiet() {
        const health = this.state.health;
        return !health.problems.length && !health.backlog.due && !this.failed && !health.queue.exception;
    }

    get comingCount() {
        return this.state.health.coming.reduce((sum, hour) => sum + hour.count, 0);
    }

    height(hour) {
        const most = Math.max(...this.state.health.coming.map((one) => one.count));
        return most ? Math.max(hour.count ? 4 : 0, Math.round((100 * hour.count) / most)) : 0;
    }

    hour(value) {
        return deserializeDateTime(value).toFormat("HH");
    }

    barTitle(hour) {
        return _t("%(hour)s:00 – %(count)s messages", { hour: this.hour(hour.hour), count: hour.count });
    }

    when(value) {
        return value ? toLocaleDateTimeString(deserializeDateTime(value), { showSeconds: false }) : "–";
    }

    ago(value) {
        return value ? deserializeDateTime(value).toRelative() : _t("never");
    }

    async act(method) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call(MODEL, method, []);
            await this.load();
            if (method === "action_run_now") {
                this.notification.add(_t("The job has run."), { type: "success" });
            }
        } finally {
            this.state.busy = false;
        }
    }

    async openFailures(failure) {
        await this.action.doAction(await this.orm.call(MODEL, "action_open_failures", [failure.reason]));
    }
}

registry.category("actions").add("meeting_management.notice_health", MeetingNoticeHealth);
