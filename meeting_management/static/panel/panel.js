/* The tablet at the door. Plain ES5 for old WebViews; the words come from the server, so that they are there offline. */
(function () {
    "use strict";
    var POLL = 20, SLOWEST = 120, TIMEOUT = 10000, IDLE = 60, LANGUAGE_IDLE = 120, KEEP = 300, DAY = 86400000;
    var $ = function (id) { return document.getElementById(id); };
    var given = JSON.parse($("data").textContent);
    var screen = given.screen, homeLang = screen.lang, lang = screen.lang, tag = "";
    var skew = 0, lastContact = now(), failures = 0, timer = 0, lastTouch = now(), sheet = null, badge = "";
    var asked = false, keptAt = 0;

    function now() { return Math.floor(Date.now() / 1000 + (skew || 0)); }
    function words(key, value) { return screen.words[key].replace("%s", value); }
    function pad(number) { return (number < 10 ? "0" : "") + number; }
    function local(seconds) { return new Date((seconds + screen.offset) * 1000); }
    function clock(seconds) { var d = local(seconds); return pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()); }
    function say(id, text) { var node = $(id); if (node.textContent !== (text || "")) { node.textContent = text || ""; } }

    function make(parent, kind, name, text, press) {
        var node = document.createElement(kind);
        if (name) { node.className = name; }
        if (text) { node.textContent = text; }
        if (press) { node.type = "button"; node.onclick = press; }
        if (parent) { parent.appendChild(node); }
        return node;
    }

    /* -- the server ------------------------------------------------------------------------------------------ */

    function send(method, url, body, done) {
        var request = new XMLHttpRequest(), ended = false;
        function end(status) { if (!ended) { ended = true; done(status, request); } }
        request.open(method, url, true);
        request.timeout = TIMEOUT;
        if (tag && !body) { request.setRequestHeader("If-None-Match", tag); }
        if (body) {
            request.setRequestHeader("Content-Type", "application/json");
            request.setRequestHeader("X-Door-Key", given.key);
        }
        request.onload = function () { end(request.status); };
        request.onerror = request.ontimeout = request.onabort = function () { end(0); };
        request.send(body ? JSON.stringify(body) : null);
    }

    function setClock(request) {
        var date = Date.parse(request.getResponseHeader("Date") || "");
        if (date) { skew = Math.round((date - Date.now()) / 1000); }
    }

    function poll() {
        clearTimeout(timer);
        send("GET", "/meeting/door/state?lang=" + encodeURIComponent(lang), null, function (status, request) {
            if (status === 403 || status === 410) {
                location.reload(); /* the page says why, and looks again by itself */
                return;
            }
            if (status === 200 || status === 304) {
                setClock(request);
                failures = 0;
                lastContact = now();
                asked = true;
                if (status === 200) {
                    var body = null;
                    try { body = JSON.parse(request.responseText); } catch (ignored) { body = null; }
                    if (body && body.closed) { location.reload(); return; }
                    if (body) { screen = body; tag = request.getResponseHeader("ETag") || ""; }
                }
                keep(status === 200);
            } else {
                failures += 1;
                if (!asked) { recall(); }
            }
            draw();
            timer = setTimeout(poll, 1000 * Math.min(SLOWEST, POLL * Math.pow(2, Math.max(0, failures - 1))));
        });
    }

    /* -- a start without network: the last picture, where the browser lets pages keep one (worker.js) --------- */

    function shelf(use) {
        if (!navigator.serviceWorker || !window.caches) { return; }
        window.caches.open("meeting-door").then(use).catch(function () { return null; });
    }

    function keep(changed) {
        if (!screen.words || (!changed && lastContact - keptAt < KEEP)) { return; }
        keptAt = lastContact;
        var text = JSON.stringify({ screen: screen, at: lastContact });
        shelf(function (kept) { return kept.put("/meeting/door/state", new Response(text)); });
    }

    function recall() {
        asked = true;
        shelf(function (kept) {
            return kept.match("/meeting/door/state").then(function (response) {
                return response && response.json();
            }).then(function (last) {
                if (!last || !failures) { return; }
                screen = last.screen;
                lastContact = last.at;
                draw();
            });
        });
    }

    /* -- the picture ----------------------------------------------------------------------------------------- */

    function moment() {
        var t = now(), items = screen.items, current = null, next = null, expected = null, held = false, i;
        for (i = 0; i < items.length; i++) {
            // whoever booked before the room was closed is shown, and checks in, for as long as he keeps his booking
            if (items[i].start <= t && t < items[i].stop && !(current && (current.id || !items[i].id))) { current = items[i]; }
            if (items[i].start > t && items[i].id) { expected = expected || items[i]; }
            if (items[i].hold_start <= t && t < items[i].hold_stop) { held = true; }
            if (items[i].start > t) { next = next || items[i]; }
        }
        var near = next && next.start - t <= screen.soon;
        return {
            current: current, next: next, mine: current && current.id ? current : expected,
            state: current ? "taken" : near || held ? "soon" : "free",
            word: current ? "taken" : near ? "soon" : held ? "held" : "free"
        };
    }

    function minutes(seconds) { return Math.max(1, Math.ceil(seconds / 60)); }

    function asleep(t) {
        var d = local(t), minute = d.getUTCHours() * 60 + d.getUTCMinutes(), from = screen.rest[0], until = screen.rest[1];
        if (from === until || t - lastTouch < IDLE) { return false; }
        return from < until ? from <= minute && minute < until : minute >= from || minute < until;
    }

    var drawn = "";
    function draw() {
        if (!screen.words) { return; }
        var t = now(), m = moment(), c = m.current, w = screen.words, lost = failures > 0;
        say("clock", clock(t));
        say("date", lost && Math.floor(local(lastContact) / DAY) !== Math.floor(local(t) / DAY) ? "" : screen.date);
        say("room", screen.room);
        say("place", screen.place);
        say("seats", screen.seats);
        say("today", w.today);
        say("word", w[m.word]);
        say("until", c ? words("until", c.to) : !m.next ? w.rest_of_day
            : words(m.word === "free" ? "until" : "free_until", m.next.from));
        say("left", c ? words("left", minutes(c.stop - t)) : m.word === "soon"
            ? w.next + ": " + words("in", minutes(m.next.start - t)) : "");
        say("title", c ? c.title : m.word === "soon" ? m.next.title : "");
        say("who", c ? c.who : m.word === "soon" ? m.next.who : "");
        say("note", c ? "" : screen.note);
        say("net", lost ? words("offline", clock(lastContact)) : "");
        document.body.className = m.state + (lost ? " lost" : "") + (!c && asleep(t) ? " rest" : "") +
            (sheet && sheet.look ? " " + sheet.look : "");
        var mine = m.mine, came = mine && mine.opens && mine.opens <= t && t < mine.stop;
        var picture = [tag, lang, m.state, lost, c && c.id, came && mine.id, t > (m.next && m.next.start), screen.items.length,
            screen.items.filter(function (item) { return item.stop > t; }).length].join("|");
        if (picture !== drawn) {
            drawn = picture;
            buttons(c, came ? mine : null, lost);
            list(t);
        }
        if (sheet && t - lastTouch > IDLE) { close(); }
        if (lang !== homeLang && t - lastTouch > LANGUAGE_IDLE) { lang = homeLang; poll(); }
    }

    function buttons(current, checkable, lost) {
        var w = screen.words, deeds = $("deeds"), tools = $("tools");
        deeds.innerHTML = tools.innerHTML = "";
        function add(parent, text, press) { make(parent, "button", "", text, press).disabled = lost; }
        if (checkable) { add(deeds, w.check_in, function () { checkIn(checkable); }); }
        if (!current && screen.offers.length) { add(deeds, w.book, book); }
        if (current && current.id) {
            if (current.extend.length) { add(deeds, w.extend, function () { extend(current); }); }
            add(deeds, w.end, function () { end(current); });
        }
        add(tools, w.fault, fault);
        if (screen.other) {
            add(tools, screen.other.name, function () { lang = screen.other.code; touched(); poll(); });
        }
    }

    function list(t) {
        var ol = $("list"), any = false, i, item, li;
        ol.innerHTML = "";
        for (i = 0; i < screen.items.length; i++) {
            item = screen.items[i];
            if (item.stop <= t) { continue; }
            any = true;
            li = make(ol, "li", item.start <= t ? "on" : "");
            make(li, "time", "", item.from + "–" + item.to);
            make(li, "b", "", item.title);
            make(li, "i", "", item.who);
        }
        if (!any) { make(ol, "li", "", screen.words.nothing); }
    }

    /* -- deeds ----------------------------------------------------------------------------------------------- */

    function open(look) {
        badge = "";
        var node = $("sheet");
        node.innerHTML = "";
        node.className = "";
        sheet = { look: look || "", identify: null };
        draw();
        return node;
    }

    function close() {
        $("sheet").className = "hidden";
        sheet = null;
        draw();
    }

    function choices(parent, title, rows, chosen, press) {
        make(parent, "h2", "", title);
        var row = make(parent, "div", "row"), all = [];
        rows.forEach(function (one) {
            var button = make(row, "button", one.key === chosen ? "picked" : "", one.label, function () {
                all.forEach(function (other) { other.className = ""; });
                button.className = "picked";
                press(one.key);
            });
            all.push(button);
        });
    }

    function bar(parent, go) {
        var row = make(parent, "div", "bar");
        make(row, "button", "", screen.words.cancel, close);
        if (go) { make(row, "button", "go", screen.words["continue"], go); }
    }

    function book() {
        var w = screen.words, node = open(), want = { minutes: "", purpose: screen.purposes[0].key };
        var offers = screen.offers.map(function (one) { return { key: String(one.minutes), label: one.label }; });
        want.minutes = (offers[1] || offers[0]).key;
        choices(node, w.how_long, offers, want.minutes, function (key) { want.minutes = key; });
        choices(node, w.what_for, screen.purposes, want.purpose, function (key) { want.purpose = key; });
        bar(node, function () { identify("book", want, true); });
    }

    function checkIn(item) {
        if (screen.tap) { submit("check_in", { booking: String(item.id) }); }
        else { identify("check_in", { booking: String(item.id) }); }
    }

    function extend(item) {
        var node = open();
        choices(node, screen.words.extend, item.extend.map(function (one) {
            return { key: String(one), label: words("plus", one) };
        }), "", function (key) { identify("extend", { booking: String(item.id), minutes: key }); });
        bar(node);
    }

    function end(item) { identify("end", { booking: String(item.id) }, false, screen.words.free_end); }

    function fault() {
        var node = open();
        choices(node, screen.words.what_broken, screen.faults, "", function (key) { submit("fault", { fault: key }); });
        bar(node);
    }

    function identify(deed, values, named, note, wrong) {
        var w = screen.words, node = open(), pin = "";
        var left = make(node, "div", "side"), right = make(node, "div", "side");
        make(left, "h2", "", w.who);
        if (note) { make(left, "p", "", note); }
        make(left, "p", "", named ? w.badge_name : w.badge);
        var name = make(left, "input");
        name.placeholder = w.name;
        name.setAttribute("aria-label", w.name);
        name.setAttribute("autocomplete", "off");
        name.setAttribute("autocapitalize", "off");
        name.maxLength = 80;
        make(left, "p", "wrong", wrong || "").setAttribute("role", "alert");
        var dots = make(right, "div", "dots", w.pin), keys = make(right, "div", "pad");
        function show() { dots.textContent = pin ? pin.replace(/./g, "•") : w.pin; }
        function go(card) {
            var person = card ? { badge: card } : { who: name.value, pin: pin };
            if (!card && !name.value && !pin) { return; }
            for (var key in values) { person[key] = values[key]; }
            submit(deed, person, function (answer) { identify(deed, values, named, note, answer); });
        }
        "123456789".split("").concat([w.back, "0", w.ok]).forEach(function (key) {
            make(keys, "button", key === w.ok ? "go" : "", key === w.back ? "⌫" : key, function () {
                if (key === w.ok) { go(); return; }
                pin = key === w.back ? pin.slice(0, -1) : (pin + key).slice(0, 20);
                show();
            }).setAttribute("aria-label", key);
        });
        bar(node);
        sheet.identify = { input: name, go: go };
    }

    function result(done, text) {
        var node = open(done ? "done" : "failed");
        make(node, "p", "answer", text);
        make(node, "button", "", screen.words.ok, close);
        var mine = sheet;
        setTimeout(function () { if (sheet === mine) { close(); } }, done ? 5000 : 15000);
        poll();
    }

    function nonce() {
        var text = "";
        while (text.length < 24) { text += Math.random().toString(36).slice(2); }
        return Date.now().toString(36) + "-" + text.slice(0, 24);
    }

    /* A tap sent again, because the answer was lost, carries the same nonce: it is done once. */
    function submit(deed, values, wrong) {
        var body = { nonce: nonce(), deed: deed, lang: lang }, tries = 0, key;
        for (key in values) { body[key] = values[key]; }
        make(open(), "p", "answer", screen.words.wait);
        (function attempt() {
            send("POST", "/meeting/door/do", body, function (status, request) {
                var answer = null;
                if (status === 403 || status === 410) { location.reload(); return; }
                if (status === 200) {
                    try { answer = JSON.parse(request.responseText); } catch (ignored) { answer = null; }
                }
                if (!answer && (tries += 1) < 3) { setTimeout(attempt, 1500); return; }
                if (!answer) { failures = failures || 1; result(false, screen.words.not_sent); return; }
                if (answer.outcome === "unknown" && wrong) { touched(); wrong(answer.answer); return; }
                result(answer.outcome === "done", answer.answer);
            });
        }());
    }

    /* -- people and readers ---------------------------------------------------------------------------------- */

    function touched() { lastTouch = now(); }

    /* A badge reader types like a keyboard and ends with Enter. */
    document.addEventListener("keydown", function (event) {
        var form = sheet && sheet.identify, key = event.key || String.fromCharCode(event.keyCode);
        touched();
        if (!form) { return; }
        if (event.keyCode === 13) {
            event.preventDefault();
            var card = badge;
            badge = "";
            form.go(event.target === form.input ? "" : card);
        } else if (event.target !== form.input && key.length === 1) {
            badge = (badge + key).slice(-80);
        }
    });
    ["touchstart", "mousedown"].forEach(function (kind) {
        document.addEventListener(kind, function () {
            touched();
            draw();
        }, true);
    });
    window.addEventListener("online", poll);
    if (navigator.serviceWorker) {
        navigator.serviceWorker.register("/meeting/door/worker.js", { scope: "/meeting/" }).catch(function () { return null; });
    }
    setInterval(draw, 1000);
    if (screen.words) { draw(); }
    poll();
}());
