import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Draw one's signature with finger, pen or mouse. Without it the typed name signs; the page needs no JavaScript. */
export class SignatureCanvas extends Interaction {
    static selector = ".o_meeting_draw";
    dynamicContent = {
        canvas: {
            "t-on-pointerdown.prevent": this.begin,
            "t-on-pointermove": this.draw,
            "t-on-pointerup": this.end,
            "t-on-pointercancel": this.end,
        },
        button: { "t-on-click.prevent": this.clear },
    };

    setup() {
        this.canvas = this.el.querySelector("canvas");
        this.value = this.el.querySelector("input");
        this.pen = this.canvas.getContext("2d");
        this.drawing = false;
    }

    start() {
        this.el.classList.remove("d-none");
        this.clear();
    }

    clear() {
        const { clientWidth, clientHeight } = this.canvas;
        this.canvas.width = clientWidth;
        this.canvas.height = clientHeight;
        Object.assign(this.pen, { lineWidth: 2.2, lineCap: "round", lineJoin: "round", strokeStyle: "#1d2b53" });
        this.value.value = "";
    }

    at(ev) {
        const box = this.canvas.getBoundingClientRect();
        return [ev.clientX - box.left, ev.clientY - box.top];
    }

    begin(ev) {
        this.drawing = true;
        this.canvas.setPointerCapture(ev.pointerId);
        this.pen.beginPath();
        this.pen.moveTo(...this.at(ev));
    }

    draw(ev) {
        if (this.drawing) {
            this.pen.lineTo(...this.at(ev));
            this.pen.stroke();
        }
    }

    end() {
        if (this.drawing) {
            this.drawing = false;
            this.value.value = this.canvas.toDataURL("image/png");
        }
    }
}

registry.category("public.interactions").add("meeting_management.signature_canvas", SignatureCanvas);
