/* fetch.c - one request through libcurl: header fields in, status, header fields and body out. */
#include "service/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { ANSWER_MOST = 16 * 1024 * 1024, SECONDS = 60 };

struct Fetch {
    CURL *curl;
    char *base;
};

typedef struct Receiving {
    Arena *arena;
    Buffer body;
    LIST(HttpHeader) headers;
} Receiving;

Fetch *fetch_create(const char *base)
{
    Fetch *fetch = calloc(1, sizeof *fetch);
    if (!fetch)
        abort();
    fetch->base = strdup(base);
    fetch->curl = curl_easy_init();
    if (!fetch->base || !fetch->curl)
        abort();
    return fetch;
}

void fetch_destroy(Fetch *fetch)
{
    if (!fetch)
        return;
    curl_easy_cleanup(fetch->curl);
    free(fetch->base);
    free(fetch);
}

/* ---- what comes back ------------------------------------------------------------------------- */

static size_t take_body(char *data, size_t size, size_t count, void *user)
{
    Receiving *receiving = user;
    buffer_add_n(&receiving->body, data, size * count);
    return receiving->body.is_over ? 0 : size * count;
}

/* "Name: value\r\n"; the status line and what is no field is passed over. */
static size_t take_header(char *data, size_t size, size_t count, void *user)
{
    Receiving *receiving = user;
    size_t length = size * count;
    const char *colon = memchr(data, ':', length);
    if (!colon)
        return length;
    const char *name = arena_text_n(receiving->arena, data, (size_t)(colon - data));
    size_t rest = length - (size_t)(colon + 1 - data);
    const char *value =
        text_trim(receiving->arena, arena_text_n(receiving->arena, colon + 1, rest));
    list_add(receiving->arena, &receiving->headers, (HttpHeader){name, value});
    return length;
}

/* ---- one request ----------------------------------------------------------------------------- */

static struct curl_slist *list_headers(Arena *arena, const HttpHeader *headers)
{
    struct curl_slist *list = NULL;
    for (; headers && headers->name; headers++)
        list =
            curl_slist_append(list, arena_printf(arena, "%s: %s", headers->name, headers->value));
    return list;
}

static void prepare(Fetch *fetch, Arena *arena, const HttpRequest *request,
                    struct curl_slist *headers, Receiving *receiving)
{
    CURL *curl = fetch->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, arena_printf(arena, "%s%s", fetch->base, request->target));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SECONDS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, receiving);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, receiving);
    if (strcmp(request->method, "GET") != 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body ? request->body : "");
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    }
}

bool fetch_send(Fetch *fetch, Arena *arena, const HttpRequest *request, HttpAnswer *out, Error *err)
{
    Receiving receiving = {.arena = arena, .body = buffer_init(arena, ANSWER_MOST)};
    struct curl_slist *headers = list_headers(arena, request->headers);
    long status = 0;
    prepare(fetch, arena, request, headers, &receiving);
    CURLcode code = curl_easy_perform(fetch->curl);
    curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        return error_set(err, ERROR_UNAVAILABLE, .code = "fetch.failed",
                         .detail = curl_easy_strerror(code),
                         .with = {{"why", curl_easy_strerror(code)}});
    *out = (HttpAnswer){.status = (int)status,
                        .headers = receiving.headers.items,
                        .header_count = receiving.headers.count,
                        .body = buffer_text(&receiving.body),
                        .length = receiving.body.length};
    return true;
}
