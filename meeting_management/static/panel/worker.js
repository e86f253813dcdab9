/* Keeps the last picture of the door, so that a tablet which starts while network or server are away still shows it.
   The server is always asked first. Browsers run this over https only. */
(function () {
    "use strict";
    var SHELF = "meeting-door", PAGE = "/meeting/door", LINK = "/meeting/panel/", FILES = "/meeting_management/static/panel/";
    var PATIENCE = 8000;

    function kept(key) {
        return caches.open(SHELF).then(function (shelf) { return shelf.match(key); });
    }

    function keep(key, response) {
        var copy = response.clone();
        return caches.open(SHELF).then(function (shelf) { return shelf.put(key, copy); });
    }

    function ask(request) {
        return new Promise(function (done, failed) {
            setTimeout(failed, PATIENCE, new Error("timeout"));
            fetch(request).then(done, failed);
        });
    }

    function page(request) {
        return ask(request).then(function (response) {
            if (response.status === 200 && new URL(response.url).pathname === PAGE) {
                return keep(PAGE, response).then(function () { return response; });
            }
            if (response.status === 403 || response.status === 410) { /* switched off: nothing stays on the tablet */
                return caches.delete(SHELF).then(function () { return response; });
            }
            if (response.status >= 500) {
                return kept(PAGE).then(function (last) { return last || response; });
            }
            return response;
        }, function (error) {
            return kept(PAGE).then(function (last) {
                if (!last) { throw error; }
                return last;
            });
        });
    }

    /* The address of a file changes with what is in it. */
    function file(request) {
        return kept(request).then(function (known) {
            return known || ask(request).then(function (response) {
                if (response.status !== 200) { return response; }
                return forget(new URL(request.url).pathname).then(function () {
                    return keep(request, response);
                }).then(function () { return response; });
            });
        });
    }

    function forget(path) {
        return caches.open(SHELF).then(function (shelf) {
            return shelf.keys().then(function (requests) {
                return Promise.all(requests.filter(function (request) {
                    return new URL(request.url).pathname === path;
                }).map(function (request) { return shelf.delete(request); }));
            });
        });
    }

    self.addEventListener("install", function () { self.skipWaiting(); });
    self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
    self.addEventListener("fetch", function (event) {
        var request = event.request, path = new URL(request.url).pathname;
        if (request.method !== "GET") { return; }
        if (path === PAGE || (request.mode === "navigate" && path.indexOf(LINK) === 0)) {
            event.respondWith(page(request));
        } else if (path.indexOf(FILES) === 0) {
            event.respondWith(file(request));
        }
    });
}());
