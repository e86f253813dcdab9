"""docs/permissions.md and the README say what the table of rights says, in both languages (CF-6)."""

from pathlib import Path

from odoo.addons.meeting_management.models.meeting_permission_table import EDITS, FOLLOWS, LEVEL_ORDER, READS
from odoo.tests import TransactionCase

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    "en_US": {
        "file": "permissions.md",
        "readme": "README.md",
        "head": "role in the meeting",
        "kinds": ("record", "reads", "writes", "creates", "deletes"),
        "levels": {
            "public": "public",
            "internal": "internal",
            "participants": "participants only",
            "secret": "secret",
        },
        "roles": {
            "officer": "convener, chair, minute taker",
            "approver": "approver of the application",
            "reviewer": "reviewer of the minutes",
            "participant": "participant",
            "secretariat": "secretary, administrator",
            "department": "departments concerned and those below them",
            "everyone": "every employee of the company",
            "break_glass": "holder of a granted emergency access",
        },
        "stages": {
            None: "–",
            "draft": "from the draft on",
            "announced": "once announced",
            "admitted": "once announced and the agreement is signed",
        },
        "edit": " (edits)",
        "who": {
            "readers": "who reads the meeting",
            "editors": "who edits the meeting",
            "topic_readers": "who reads the meeting and is admitted to the topic",
            "topic_editors": "who edits the meeting and is admitted to the topic",
            "minutes_readers": "their editors and reviewer; once published, who reads the meeting",
            "employees": "every employee",
            "authority": "auditors and administrators",
            "robot_admins": "administrators of the system who read the meeting",
            "administrators": "administrators, drafts of meetings they edit",
            "nobody": "nobody",
        },
    },
    "zh_CN": {
        "file": "permissions.zh_CN.md",
        "readme": "README.zh_CN.md",
        "head": "在会议中的角色",
        "kinds": ("记录", "查阅", "修改", "新建", "删除"),
        "levels": {"public": "全公司公开", "internal": "部门内部", "participants": "仅参会人", "secret": "机密"},
        "roles": {
            "officer": "召集人、主持人、记录员",
            "approver": "申请的审批人",
            "reviewer": "纪要审核人",
            "participant": "参会人",
            "secretariat": "秘书、会议管理员",
            "department": "相关部门及其下级部门",
            "everyone": "公司全体员工",
            "break_glass": "获准紧急查阅的人员",
        },
        "stages": {
            None: "–",
            "draft": "自草稿起",
            "announced": "通知发出后",
            "admitted": "通知发出且签署保密协议后",
        },
        "edit": "（可编辑）",
        "who": {
            "readers": "可查阅会议者",
            "editors": "可编辑会议者",
            "topic_readers": "可查阅会议且获准知悉该议题者",
            "topic_editors": "可编辑会议且获准知悉该议题者",
            "minutes_readers": "纪要编辑者和审核人；发布后为可查阅会议者",
            "employees": "全体员工",
            "authority": "审计员和管理员",
            "robot_admins": "可查阅会议的系统管理员",
            "administrators": "管理员，限其可编辑会议的纪要草稿",
            "nobody": "无人",
        },
    },
}


class TestPermissionsPage(TransactionCase):
    def row(self, *cells):
        return f"| {' | '.join(cells)} |"

    def tables(self, lang):
        """:return: the two tables of the page, as the code has them now"""
        words = WORDS[lang]
        lines = [self.row(words["head"], *words["levels"].values()), self.row(*["---"] * 5)]
        for role, levels in READS.items():
            cells = []
            for level in LEVEL_ORDER:
                stage = words["stages"][levels[level]]
                cells.append(stage + (words["edit"] if EDITS.get(role, {}).get(level) else ""))
            lines.append(self.row(words["roles"][role], *cells))
        kinds = [self.row(*words["kinds"]), self.row(*["---"] * 5)]
        for model, who in FOLLOWS.items():
            name = self.env[model].with_context(lang=lang).env["ir.model"]._get(model).name
            kinds.append(self.row(name, *(words["who"][one] for one in who)))
        return "\n".join(lines), "\n".join(kinds)

    def test_the_page_holds_the_tables(self):
        """CF-6: an administrator who reads the page reads the code. Paste what the failure shows."""
        for lang, words in WORDS.items():
            roles, kinds = self.tables(lang)
            for name, table in (
                (f"docs/{words['file']}", roles),
                (f"docs/{words['file']}", kinds),
                (words["readme"], roles),
            ):
                with self.subTest(page=name):
                    self.assertIn(table, (ROOT / name).read_text(), f"{name} lacks:\n{table}")
