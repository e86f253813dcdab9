import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";

/** Above the rows: how many were sent, failed, opened, answered; and the proof on paper. */
export class NoticeProofCounts extends Component {
    static template = "meeting_management.NoticeProofCounts";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ counts: [] });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    get meetingId() {
        return this.props.list.context.notice_meeting_id;
    }

    async load() {
        if (this.meetingId) {
            this.state.counts = await this.orm.call("meeting.meeting", "get_notice_proof_counts", [[this.meetingId]]);
        }
    }

    async run(method) {
        await this.action.doAction(await this.orm.call("meeting.meeting", method, [[this.meetingId]]));
    }
}

export class NoticeProofListRenderer extends ListRenderer {
    static template = "meeting_management.NoticeProofListRenderer";
    static components = { ...ListRenderer.components, NoticeProofCounts };
}

export class NoticeProofKanbanRenderer extends KanbanRenderer {
    static template = "meeting_management.NoticeProofKanbanRenderer";
    static components = { ...KanbanRenderer.components, NoticeProofCounts };
}

registry.category("views").add("meeting_notice_proof", { ...listView, Renderer: NoticeProofListRenderer });
registry.category("views").add("meeting_notice_proof_kanban", { ...kanbanView, Renderer: NoticeProofKanbanRenderer });
