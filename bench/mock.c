/* mock.c - fast, low-CPU mock of the OpenAI Chat Completions API, for benchmarking gateways.
 * HTTP/1.1 (keep-alive, pipelining, chunked request bodies) and h2c (prior knowledge; -u also by Upgrade).
 * One file, no dependency, Linux only:   gcc -O2 -pthread -o mock mock.c && ./mock -p 19100
 *
 * What it answers is chosen by the model name of the request:
 *   bench-TTFT-ITL-N[-PAD]   TTFT ms before the first token, ITL ms between tokens, N tokens, PAD filler bytes a token.
 *                            "stream":true  -> SSE: role, N content events, finish, [usage], [DONE]
 *                            else           -> one ~1 KB JSON reply after TTFT + ITL*(N-1) ms
 *   cut-TTFT-ITL-N           as bench, but the connection is closed after N tokens (no finish, no [DONE])
 *   err-STATUS               an OpenAI error object with that status (429 has Retry-After: 1)
 *   flaky-PCT-TTFT-ITL-N     as bench, but PCT % of the requests get a 500
 *   idle-TTFT-SECONDS        one token after TTFT ms, then silence for SECONDS, then finish and [DONE]
 *   hang                     never answers
 *   anything else            as bench-0-0-50
 * Each content event's text is "k<index>@<CLOCK_MONOTONIC ns of the write> ": a client on the same machine can
 * check order and completeness and measure the one-way time of each event. GET /v1/models, /health, /stats.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAXEV 512
#define WBUF (1 << 20)
enum { K_JSON, K_SSE, K_ERR, K_HANG, K_TEXT };

typedef struct conn conn;
typedef struct stream stream;
typedef struct thr thr;

struct stream {
    conn *c;
    uint32_t id;          /* h2 stream id, 0 on HTTP/1.1 */
    int hpos;             /* place in the timer heap, -1: not armed */
    uint64_t due, itl, hold;   /* hold: silence before the finish event */
    int kind, status, idx, n, pad, usage, cut, started;
    char model[96];
    const char *text;     /* K_TEXT: the body */
    char pre[400];        /* the constant head of each SSE event */
    int prelen;
    int64_t swin;         /* h2: send window */
    char *pend; size_t pendlen, pendcap; int pend_end;
    char *body; size_t blen, bcap; uint64_t rx;
    stream *hnext;
};

struct conn {
    int fd, h2, preface, busy, close_after, armed_out, dead;
    thr *t;
    char *in; size_t ilen, ipos, icap;
    char *out; size_t olen, opos, ocap;
    stream s1;
    int64_t cwin, initwin;
    uint64_t rxacc;
    stream **tab;
};

struct thr {
    int ep, lfd;
    pthread_t tid;
    stream **heap; int hn, hcap;
    char *wbuf, *tmp; size_t tmpcap;
    char tbuf[4096];
    uint64_t accepted, requests, streams, events, bytes, active, max_active, open, h2conns, aborted, errors;
};

static int g_port = 19100, g_threads = 1, g_quantum_us = 200, g_upgrade = 0, g_any = 0;
static thr *g_thr;
static uint64_t g_rid;
static char g_filler[4096];
static time_t g_created;

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}
static void *xrealloc(void *p, size_t n) {
    p = realloc(p, n);
    if (!p) { perror("realloc"); exit(1); }
    return p;
}
static char *put(char *p, const char *s, size_t n) { memcpy(p, s, n); return p + n; }
#define PUTS(p, lit) put(p, lit, sizeof(lit) - 1)
static char *putu(char *p, uint64_t v) {
    char b[24]; int i = 24;
    do b[--i] = '0' + v % 10; while (v /= 10);
    return put(p, b + i, 24 - i);
}
static char *puthex(char *p, uint32_t v) {
    char b[8]; int i = 8;
    do b[--i] = "0123456789abcdef"[v & 15]; while (v >>= 4);
    return put(p, b + i, 8 - i);
}

/* ---------------------------------------------------------------- timers */
static void hset(thr *t, int i, stream *s) { t->heap[i] = s; s->hpos = i; }
static void hup(thr *t, int i) {
    stream *s = t->heap[i];
    while (i > 0) {
        int p = (i - 1) / 2;
        if (t->heap[p]->due <= s->due) break;
        hset(t, i, t->heap[p]); i = p;
    }
    hset(t, i, s);
}
static void hdown(thr *t, int i) {
    stream *s = t->heap[i];
    for (;;) {
        int k = 2 * i + 1;
        if (k >= t->hn) break;
        if (k + 1 < t->hn && t->heap[k + 1]->due < t->heap[k]->due) k++;
        if (s->due <= t->heap[k]->due) break;
        hset(t, i, t->heap[k]); i = k;
    }
    hset(t, i, s);
}
static void arm(thr *t, stream *s) {
    if (t->hn == t->hcap) t->heap = xrealloc(t->heap, (t->hcap = t->hcap ? t->hcap * 2 : 1024) * sizeof *t->heap);
    t->heap[t->hn] = s; s->hpos = t->hn;
    hup(t, t->hn++);
}
static void disarm(thr *t, stream *s) {
    int i = s->hpos;
    if (i < 0) return;
    s->hpos = -1;
    stream *l = t->heap[--t->hn];
    if (l == s) return;
    hset(t, i, l); hup(t, i); hdown(t, l->hpos);
}

/* ---------------------------------------------------------------- connections */
static void process(conn *c);
static void fire(stream *s, uint64_t now);

static void stream_gone(stream *s) {          /* no more to send on it: timers and counters */
    disarm(s->c->t, s);
    if (s->started) { s->started = 0; s->c->t->active--; }
}
static void h2_free(stream *s) {
    conn *c = s->c;
    stream **pp = &c->tab[(s->id >> 1) & 1023];
    while (*pp && *pp != s) pp = &(*pp)->hnext;
    if (*pp) *pp = s->hnext;
    stream_gone(s);
    free(s->pend); free(s->body); free(s);
}
static void conn_close(conn *c) {             /* marks it dead; freed by the loop */
    if (c->dead) return;
    c->dead = 1;
    if (c->s1.started) c->t->aborted++;
    stream_gone(&c->s1);
    if (c->tab) {
        for (int i = 0; i < 1024; i++) while (c->tab[i]) { if (c->tab[i]->started) c->t->aborted++; h2_free(c->tab[i]); }
        free(c->tab); c->tab = NULL;
    }
    close(c->fd);
    c->t->open--;
}
static void want_out(conn *c, int on) {
    if (c->armed_out == on) return;
    c->armed_out = on;
    struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP | (on ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(c->t->ep, EPOLL_CTL_MOD, c->fd, &e);
}
static void csend(conn *c, const char *p, size_t n) {
    if (c->dead) return;
    c->t->bytes += n;
    if (c->olen == c->opos) {
        c->olen = c->opos = 0;
        ssize_t w = send(c->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (w < 0) { if (errno != EAGAIN && errno != EINTR) { conn_close(c); return; } w = 0; }
        if ((size_t)w == n) return;
        p += w; n -= w;
    }
    if (c->olen + n > c->ocap) c->out = xrealloc(c->out, c->ocap = (c->olen + n) * 2);
    memcpy(c->out + c->olen, p, n); c->olen += n;
    want_out(c, 1);
}
static void flush_out(conn *c) {
    while (c->opos < c->olen) {
        ssize_t w = send(c->fd, c->out + c->opos, c->olen - c->opos, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (w < 0) { if (errno == EAGAIN) return; conn_close(c); return; }
        c->opos += w;
    }
    c->opos = c->olen = 0;
    want_out(c, 0);
    if (c->close_after && !c->busy) conn_close(c);
}

/* ---------------------------------------------------------------- HTTP/2 */
static void put32(char *p, uint32_t v) { p[0] = v >> 24; p[1] = v >> 16; p[2] = v >> 8; p[3] = v; }
static uint32_t get32(const char *q) { const unsigned char *p = (const void *)q; return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static void fhead(char *p, uint32_t len, int type, int flags, uint32_t id) {
    p[0] = len >> 16; p[1] = len >> 8; p[2] = len; p[3] = type; p[4] = flags; put32(p + 5, id);
}
static void h2_flush(conn *c, stream *s) {
    char h[9 + 16384]; size_t off = 0;
    while (s->pendlen - off > 0 && s->swin > 0 && c->cwin > 0) {
        size_t k = s->pendlen - off;
        if (k > 16384) k = 16384;
        if ((int64_t)k > s->swin) k = s->swin;
        if ((int64_t)k > c->cwin) k = c->cwin;
        int end = s->pend_end && off + k == s->pendlen;
        fhead(h, k, 0, end, s->id);
        memcpy(h + 9, s->pend + off, k);
        csend(c, h, 9 + k);
        if (c->dead) return;
        off += k; s->swin -= k; c->cwin -= k;
    }
    if (off) { memmove(s->pend, s->pend + off, s->pendlen - off); s->pendlen -= off; }
    if (!s->pendlen && s->pend_end) h2_free(s);
}
static void h2_data(stream *s, const char *p, size_t n, int end) {
    if (s->pendlen + n > s->pendcap) s->pend = xrealloc(s->pend, s->pendcap = (s->pendlen + n) * 2);
    memcpy(s->pend + s->pendlen, p, n); s->pendlen += n;
    s->pend_end |= end;
    h2_flush(s->c, s);
}
static void h2_headers(stream *s, int status, const char *ctype) {
    char b[128], *p = b + 9;
    if (status == 200) *p++ = (char)0x88;
    else { *p++ = 0x08; *p++ = 3; p += sprintf(p, "%03d", status); }
    *p++ = 0x0f; *p++ = 0x10; *p++ = strlen(ctype); p = put(p, ctype, strlen(ctype));   /* content-type, literal, no index */
    fhead(b, p - b - 9, 1, 4, s->id);
    csend(s->c, b, p - b);
}
static stream *h2_find(conn *c, uint32_t id) {
    for (stream *s = c->tab[(id >> 1) & 1023]; s; s = s->hnext) if (s->id == id) return s;
    return NULL;
}
static stream *h2_new(conn *c, uint32_t id) {
    stream *s = calloc(1, sizeof *s);
    s->c = c; s->id = id; s->hpos = -1; s->swin = c->initwin;
    stream **b = &c->tab[(id >> 1) & 1023];
    s->hnext = *b; *b = s;
    return s;
}
static void h2_start(conn *c) {
    c->h2 = 1; c->cwin = c->initwin = 65535;
    c->tab = calloc(1024, sizeof *c->tab);
    c->t->h2conns++;
    char b[9 + 12 + 13];
    fhead(b, 12, 4, 0, 0);
    b[9] = 0; b[10] = 3; put32(b + 11, 10000);           /* MAX_CONCURRENT_STREAMS */
    b[15] = 0; b[16] = 4; put32(b + 17, 16 << 20);       /* INITIAL_WINDOW_SIZE */
    fhead(b + 21, 4, 8, 0, 0); put32(b + 30, 1 << 30);   /* connection window */
    csend(c, b, sizeof b);
}

/* ---------------------------------------------------------------- answers */
static const char *reason(int st) {
    switch (st) {
    case 200: return "OK"; case 400: return "Bad Request"; case 401: return "Unauthorized"; case 403: return "Forbidden";
    case 404: return "Not Found"; case 408: return "Request Timeout"; case 429: return "Too Many Requests";
    case 500: return "Internal Server Error"; case 502: return "Bad Gateway"; case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout"; default: return "Status"; }
}
static void finished(stream *s) {             /* HTTP/1.1: the response is out */
    conn *c = s->c;
    stream_gone(s);
    c->busy = 0;
    if (c->dead) return;
    if (c->close_after) { if (c->olen == c->opos) conn_close(c); return; }
}
static void whole(stream *s, int status, const char *ctype, const char *body, size_t n) {
    conn *c = s->c; thr *t = c->t;
    if (s->id) { h2_headers(s, status, ctype); if (!c->dead) { stream_gone(s); h2_data(s, body, n, 1); } return; }
    char *p = t->tbuf + 512, *b = p;             /* the head, then the body behind it, one send */
    p += sprintf(p, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: ", status, reason(status), ctype);
    p = putu(p, n);
    p = PUTS(p, "\r\nx-request-id: req_mock");
    p = putu(p, ++g_rid);
    p = PUTS(p, "\r\nopenai-processing-ms: 1\r\nx-ratelimit-remaining-requests: 9999\r\n");
    if (status == 429) p = PUTS(p, "Retry-After: 1\r\n");
    if (c->close_after) p = PUTS(p, "Connection: close\r\n");
    p = PUTS(p, "\r\n");
    if (n < sizeof t->tbuf - 1024 - (p - b)) { p = put(p, body, n); csend(c, b, p - b); }
    else { csend(c, b, p - b); csend(c, body, n); }
    finished(s);
}
static char *event(stream *s, char *p, const char *mid, size_t midlen, size_t pad, const char *suf, size_t suflen) {
    size_t len = s->prelen + midlen + pad + suflen;
    if (!s->id) { p = puthex(p, len); p = PUTS(p, "\r\n"); }
    p = put(p, s->pre, s->prelen);
    p = put(p, mid, midlen);
    if (pad) { memcpy(p, g_filler, pad); p += pad; }
    p = put(p, suf, suflen);
    if (!s->id) p = PUTS(p, "\r\n");
    return p;
}
#define EV(p, mid, pad, suf) event(s, p, mid, sizeof(mid) - 1, pad, suf, sizeof(suf) - 1)

static void fire(stream *s, uint64_t now) {
    conn *c = s->c; thr *t = c->t;
    char *p = t->wbuf;
    if (s->kind == K_HANG) return;
    if (s->kind == K_TEXT) { whole(s, 200, "application/json", s->text, strlen(s->text)); return; }
    if (s->kind == K_ERR) {
        char b[300];
        int n = snprintf(b, sizeof b, "{\"error\":{\"message\":\"mock error %d for model %s\",\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}",
            s->status, s->model, s->status == 429 ? "rate_limit_error" : s->status >= 500 ? "server_error" : "invalid_request_error",
            s->status == 429 ? "rate_limit_exceeded" : "mock_error");
        t->errors++;
        whole(s, s->status, "application/json", b, n);
        return;
    }
    if (s->kind == K_JSON) {
        p = PUTS(p, "{\"id\":\"chatcmpl-mock");
        p = putu(p, ++g_rid);
        p = PUTS(p, "\",\"object\":\"chat.completion\",\"created\":");
        p = putu(p, g_created);
        p = PUTS(p, ",\"model\":\"");
        p = put(p, s->model, strlen(s->model));
        p = PUTS(p, "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"k0@");
        p = putu(p, now);
        *p++ = ' ';
        p = put(p, g_filler, 480 + (s->pad > 2000 ? 2000 : s->pad));
        p = PUTS(p, "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":");
        p = putu(p, s->n);
        p = PUTS(p, ",\"total_tokens\":");
        p = putu(p, s->n + 19);
        p = PUTS(p, ",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}},\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\"}");
        whole(s, 200, "application/json", t->wbuf, p - t->wbuf);
        return;
    }
    /* SSE */
    char mid[80];
    if (s->idx == 0) {
        if (s->id) { h2_headers(s, 200, "text/event-stream"); if (c->dead) return; }
        else {
            p = PUTS(p, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\nx-request-id: req_mock");
            p = putu(p, ++g_rid);
            p = c->close_after ? PUTS(p, "\r\nConnection: close\r\n\r\n") : PUTS(p, "\r\nopenai-processing-ms: 1\r\n\r\n");
        }
        char *q = s->pre;
        q = PUTS(q, "data: {\"id\":\"chatcmpl-mock");
        q = putu(q, ++g_rid);
        q = PUTS(q, "\",\"object\":\"chat.completion.chunk\",\"created\":");
        q = putu(q, g_created);
        q = PUTS(q, ",\"model\":\"");
        q = put(q, s->model, strlen(s->model));
        q = PUTS(q, "\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\",\"choices\":[");
        s->prelen = q - s->pre;
        p = EV(p, "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}]", 0, "}\n\n");
    }
    while (s->idx < s->n && s->due <= now && p - t->wbuf < WBUF - 8192) {
        char *q = PUTS(mid, "{\"index\":0,\"delta\":{\"content\":\"k");
        q = putu(q, s->idx); *q++ = '@'; q = putu(q, now); *q++ = ' ';
        p = event(s, p, mid, q - mid, s->pad, "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n", sizeof("\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n") - 1);
        s->idx++; s->due += s->itl; t->events++;
    }
    int end = s->idx >= s->n;
    if (end && s->hold) { s->due = now + s->hold; s->hold = 0; end = 0; }
    if (end && s->cut) {
        if (p > t->wbuf) { if (s->id) h2_data(s, t->wbuf, p - t->wbuf, 0); else csend(c, t->wbuf, p - t->wbuf); }
        conn_close(c);
        return;
    }
    if (end) {
        p = EV(p, "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]", 0, "}\n\n");
        if (s->usage) {
            char u[160]; int n = snprintf(u, sizeof u, "],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":%d,\"total_tokens\":%d}", s->n, s->n + 19);
            p = event(s, p, u, n, 0, "}\n\n", 3);
        }
        if (s->id) p = PUTS(p, "data: [DONE]\n\n");
        else p = PUTS(p, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
    }
    if (s->id) {
        if (end) stream_gone(s);
        h2_data(s, t->wbuf, p - t->wbuf, end);          /* frees s when it ends */
        if (!end && !c->dead) arm(t, s);
    } else {
        csend(c, t->wbuf, p - t->wbuf);
        if (c->dead) return;
        if (end) finished(s); else arm(t, s);
    }
}

/* ---------------------------------------------------------------- requests */
static const char *skipstr(const char *p, const char *e) {   /* p is past the opening quote; returns past the closing one */
    for (;;) {
        p = memchr(p, '"', e - p);
        if (!p) return e;
        int k = 0;
        while (p[-1 - k] == '\\') k++;
        p++;
        if (!(k & 1)) return p;
    }
}
static void scan(const char *p, const char *e, char *model, size_t mcap, int *stream_, int *usage) {
    int depth = 0; const char *key = NULL; size_t klen = 0; int in_so = 0;
    while (p < e) {
        char ch = *p;
        if (ch == '"') {
            const char *s = p + 1; p = skipstr(s, e);
            size_t n = p - s - 1;
            const char *q = p;
            while (q < e && isspace((unsigned char)*q)) q++;
            if (q < e && *q == ':') { key = s; klen = n; p = q + 1; continue; }
            if (depth == 1 && key && klen == 5 && !memcmp(key, "model", 5)) {
                if (n >= mcap) n = mcap - 1;
                for (size_t i = 0; i < n; i++) model[i] = isalnum((unsigned char)s[i]) || strchr("._:/@-", s[i]) ? s[i] : '_';
                model[n] = 0;
            }
            key = NULL;
        } else if (ch == '{' || ch == '[') {
            if (depth == 1 && key && klen == 14 && !memcmp(key, "stream_options", 14)) in_so = 1;
            depth++; key = NULL; p++;
        } else if (ch == '}' || ch == ']') { depth--; if (depth == 1) in_so = 0; p++; }
        else if (ch == 't' && key) {
            if (depth == 1 && klen == 6 && !memcmp(key, "stream", 6)) *stream_ = 1;
            if (depth == 2 && in_so && klen == 13 && !memcmp(key, "include_usage", 13)) *usage = 1;
            key = NULL; p++;
        } else p++;
    }
}
static const char *MODELS = "{\"object\":\"list\",\"data\":[{\"id\":\"bench-0-0-50\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"mock\"},{\"id\":\"bench-0-20-50\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"mock\"}]}";

static void start(stream *s, const char *body, size_t n) {
    thr *t = s->c->t;
    uint64_t now = now_ns();
    int st = 0, us = 0, a = 0, b = 0, k = 50, pad = 0, pct = 0, secs = 0;
    strcpy(s->model, "bench-0-0-50");
    scan(body, body + n, s->model, sizeof s->model, &st, &us);
    s->status = 200; s->cut = 0; s->hold = 0; s->idx = 0; s->usage = us; s->kind = st ? K_SSE : K_JSON;
    const char *m = strrchr(s->model, '/');              /* provider/bench-... also works */
    m = m ? m + 1 : s->model;
    if (sscanf(m, "bench-%d-%d-%d-%d", &a, &b, &k, &pad) >= 1) ;
    else if (sscanf(m, "cut-%d-%d-%d", &a, &b, &k) >= 1) { s->cut = 1; s->kind = K_SSE; }
    else if (sscanf(m, "flaky-%d-%d-%d-%d", &pct, &a, &b, &k) >= 1) {
        if ((int)(t->requests % 100) < pct) { s->kind = K_ERR; s->status = 500; }
    }
    else if (sscanf(m, "idle-%d-%d", &a, &secs) == 2) { k = 1; s->hold = (uint64_t)(secs > 0 ? secs : 0) * 1000000000; }
    else if (sscanf(m, "err-%d", &s->status) == 1) { if (s->status < 300 || s->status > 599) s->status = 500; s->kind = K_ERR; }
    else if (!strcmp(m, "hang")) s->kind = K_HANG;
    if (a < 0) a = 0;
    if (b < 0) b = 0;
    if (k < 1) k = 1;
    if (k > 1000000) k = 1000000;
    if (pad < 0) pad = 0;
    if (pad > 4000) pad = 4000;
    s->n = k; s->pad = pad; s->itl = (uint64_t)b * 1000000;
    s->due = now + (uint64_t)a * 1000000;
    if (s->kind == K_JSON) s->due += s->itl * (k - 1) + s->hold;
    t->requests++;
    if (s->kind == K_SSE) t->streams++;
    s->started = 1;
    if (++t->active > t->max_active) t->max_active = t->active;
    if (s->due <= now) fire(s, now);
    else if (s->kind != K_HANG) arm(t, s);
}
static const char *hget(const char *h, const char *e, const char *name, size_t *vlen) {   /* header by name, case-insensitive */
    size_t nl = strlen(name);
    while (h < e) {
        const char *eol = memchr(h, '\n', e - h);
        if (!eol) eol = e;
        if ((size_t)(eol - h) > nl && h[nl] == ':' && !strncasecmp(h, name, nl)) {
            const char *v = h + nl + 1;
            while (v < eol && (*v == ' ' || *v == '\t')) v++;
            const char *w = eol;
            while (w > v && isspace((unsigned char)w[-1])) w--;
            *vlen = w - v;
            return v;
        }
        h = eol + 1;
    }
    return NULL;
}
static void stats_text(thr *t, char *b, size_t cap) {
    uint64_t v[10] = {0};
    for (int i = 0; i < g_threads; i++) {
        thr *x = &g_thr[i];
        v[0] += x->accepted; v[1] += x->open; v[2] += x->requests; v[3] += x->streams; v[4] += x->events;
        v[5] += x->active; v[6] += x->max_active; v[7] += x->bytes; v[8] += x->h2conns; v[9] += x->aborted;
    }
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    (void)t;
    snprintf(b, cap, "{\"accepted\":%lu,\"open\":%lu,\"requests\":%lu,\"streams\":%lu,\"events\":%lu,\"active\":%lu,\"max_active\":%lu,\"bytes\":%lu,\"h2conns\":%lu,\"aborted\":%lu,\"cpu_us\":%lu}\n",
        v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9],
        (unsigned long)((r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000ull + r.ru_utime.tv_usec + r.ru_stime.tv_usec));
}
static int parse_h1(conn *c) {                /* 0: needs more, 1: took one request, -1: bad */
    thr *t = c->t;
    char *b = c->in + c->ipos; size_t n = c->ilen - c->ipos;
    char *he = memmem(b, n, "\r\n\r\n", 4);
    if (!he) return n > 65536 ? -1 : 0;
    char *body = he + 4, *end = b + n;
    char *hl = memchr(b, '\n', he + 2 - b) + 1;
    size_t vl; const char *v; size_t blen = 0, used;
    if ((v = hget(hl, he + 2, "expect", &vl)) && vl >= 3 && !strncmp(v, "100", 3) && body == end) {
        size_t cl; const char *x = hget(hl, he + 2, "content-length", &cl);
        if (!x || atoll(x) > 0) csend(c, "HTTP/1.1 100 Continue\r\n\r\n", 25);
        if (c->dead) return -1;
    }
    if ((v = hget(hl, he + 2, "transfer-encoding", &vl)) && vl == 7 && !strncasecmp(v, "chunked", 7)) {
        char *p = body;
        for (;;) {
            char *nl = memchr(p, '\n', end - p);
            if (!nl) return 0;
            size_t k = strtoull(p, NULL, 16);
            if ((size_t)(end - nl - 1) < k + 2) return 0;
            if (k == 0) {                                  /* trailers are not expected */
                used = nl + 3 - b; break;
            }
            if (blen + k > t->tmpcap) t->tmp = xrealloc(t->tmp, t->tmpcap = (blen + k) * 2);
            memcpy(t->tmp + blen, nl + 1, k); blen += k;
            p = nl + 1 + k + 2;
        }
        body = t->tmp ? t->tmp : body;
    } else {
        if ((v = hget(hl, he + 2, "content-length", &vl))) blen = strtoull(v, NULL, 10);
        if ((size_t)(end - body) < blen) return 0;
        used = body + blen - b;
    }
    v = hget(hl, he + 2, "connection", &vl);
    c->close_after = v && vl == 5 && !strncasecmp(v, "close", 5);
    c->ipos += used;
    c->busy = 1;
    stream *s = &c->s1;
    char *sp = memchr(b, ' ', hl - b), *sp2 = sp ? memchr(sp + 1, ' ', hl - sp - 1) : NULL;
    if (!sp2) return -1;
    size_t pl = sp2 - sp - 1; char *path = sp + 1;
    char *qm = memchr(path, '?', pl);
    if (qm) pl = qm - path;
#define ENDS(x) (pl >= sizeof(x) - 1 && !memcmp(path + pl - (sizeof(x) - 1), x, sizeof(x) - 1))
    if (g_upgrade && (v = hget(hl, he + 2, "upgrade", &vl)) && vl == 3 && !memcmp(v, "h2c", 3)) {
        csend(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", 71);
        if (c->dead) return -1;
        h2_start(c);
        if (c->dead) return -1;
        c->busy = 0; c->close_after = 0;
        s = h2_new(c, 1);
        start(s, body, blen);
        return 1;
    }
    if (b[0] == 'P' && (ENDS("/chat/completions") || ENDS("/chat/completions/stream"))) start(s, body, blen);
    else if (ENDS("/models")) { t->requests++; whole(s, 200, "application/json", MODELS, strlen(MODELS)); }
    else if (ENDS("/v1/traces")) whole(s, 200, "application/x-protobuf", "", 0);  /* a collector that takes everything */
    else if (ENDS("/health")) whole(s, 200, "application/json", "{\"status\":\"ok\"}", 15);
    else if (ENDS("/stats")) { char x[1024]; stats_text(t, x, sizeof x); whole(s, 200, "application/json", x, strlen(x)); }
    else { const char *e = "{\"error\":{\"message\":\"no such path\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"unknown_url\"}}"; whole(s, 404, "application/json", e, strlen(e)); }
    return 1;
}
static int parse_h2(conn *c) {                /* one frame */
    char *b = c->in + c->ipos; size_t n = c->ilen - c->ipos;
    if (!c->preface) {
        if (n < 24) return 0;
        if (memcmp(b, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24)) return -1;
        c->preface = 1; c->ipos += 24;
        return 1;
    }
    if (n < 9) return 0;
    uint32_t len = (unsigned char)b[0] << 16 | (unsigned char)b[1] << 8 | (unsigned char)b[2];
    int type = b[3], fl = (unsigned char)b[4];
    uint32_t id = get32(b + 5) & 0x7fffffff;
    if (n < 9 + (size_t)len) return 0;
    char *p = b + 9; char r[32]; stream *s;
    c->ipos += 9 + len;
    switch (type) {
    case 0:
        s = h2_find(c, id);
        c->rxacc += len;
        if (c->rxacc > (1 << 20)) { fhead(r, 4, 8, 0, 0); put32(r + 9, c->rxacc); csend(c, r, 13); c->rxacc = 0; if (c->dead) return -1; }
        if (!s) return 1;
        s->rx += len;
        if (s->rx > (4 << 20) && !(fl & 1)) { fhead(r, 4, 8, 0, id); put32(r + 9, s->rx); csend(c, r, 13); if (c->dead) return -1; s->rx = 0; }
        if (fl & 8) { uint32_t pad = len ? (unsigned char)*p++ + 1u : 1; if (pad > len) return -1; len -= pad; }
        if (s->blen + len > s->bcap) s->body = xrealloc(s->body, s->bcap = (s->blen + len) * 2);
        if (len) memcpy(s->body + s->blen, p, len);
        s->blen += len;
        if (fl & 1) { start(s, s->body, s->blen); }
        return 1;
    case 1:
        if ((s = h2_find(c, id))) { if (fl & 1) start(s, s->body, s->blen); return 1; }   /* trailers */
        s = h2_new(c, id);
        if (fl & 1) { s->kind = K_TEXT; s->text = MODELS; fire(s, 0); }
        return 1;
    case 3: if ((s = h2_find(c, id))) { c->t->aborted++; h2_free(s); } return 1;
    case 4:
        if (fl & 1) return 1;
        for (uint32_t i = 0; i + 6 <= len; i += 6) {
            int k = p[i] << 8 | (unsigned char)p[i + 1]; uint32_t v = get32(p + i + 2);
            if (k == 4) {
                int64_t d = (int64_t)v - c->initwin; c->initwin = v;
                for (int j = 0; j < 1024; j++) for (s = c->tab[j]; s; s = s->hnext) s->swin += d;
            }
        }
        fhead(r, 0, 4, 1, 0); csend(c, r, 9);
        return 1;
    case 6: if (!(fl & 1) && len == 8) { fhead(r, 8, 6, 1, 0); memcpy(r + 9, p, 8); csend(c, r, 17); } return 1;
    case 8: {
        if (len != 4) return -1;
        uint32_t v = get32(p) & 0x7fffffff;
        if (id) { if ((s = h2_find(c, id))) { s->swin += v; h2_flush(c, s); } }
        else {
            c->cwin += v;
            for (int j = 0; j < 1024 && !c->dead; j++) for (s = c->tab[j]; s && !c->dead;) { stream *nx = s->hnext; if (s->pendlen) h2_flush(c, s); s = nx; }
        }
        return 1; }
    default: return 1;                        /* PRIORITY, CONTINUATION, GOAWAY, ... */
    }
}
static void process(conn *c) {
    for (;;) {
        size_t n = c->ilen - c->ipos;
        if (c->dead || !n || (c->busy && !c->h2)) break;
        if (!c->h2 && c->ipos == 0 && n >= 14 && !memcmp(c->in, "PRI * HTTP/2.0", 14)) h2_start(c);
        int r = c->h2 ? parse_h2(c) : parse_h1(c);
        if (r < 0) { conn_close(c); return; }
        if (!r) break;
    }
    if (c->dead) return;
    if (c->ipos == c->ilen) c->ipos = c->ilen = 0;
    else if (c->ipos) { memmove(c->in, c->in + c->ipos, c->ilen - c->ipos); c->ilen -= c->ipos; c->ipos = 0; }
}
static void readable(conn *c) {
    for (;;) {
        if (c->icap - c->ilen < 2048) c->in = xrealloc(c->in, c->icap = c->icap ? c->icap * 2 : 8192);
        size_t room = c->icap - c->ilen;
        ssize_t r = recv(c->fd, c->in + c->ilen, room, MSG_DONTWAIT);
        if (r == 0) { conn_close(c); return; }
        if (r < 0) { if (errno != EAGAIN && errno != EINTR) conn_close(c); return; }
        c->ilen += r;
        if (c->icap > (256 << 20)) { conn_close(c); return; }
        process(c);
        if (c->dead || (size_t)r < room) return;
    }
}
static void freeconn(conn *c) { free(c->in); free(c->out); free(c); }

static void *loop(void *arg) {
    thr *t = arg;
    struct epoll_event ev[MAXEV];
    prctl(PR_SET_TIMERSLACK, 1000);
    uint64_t last = 0;
    conn *tofree[MAXEV + 1]; int nf;
    for (;;) {
        struct timespec ts, *tp = NULL;
        if (t->hn) {
            uint64_t now = now_ns(), due = t->heap[0]->due, q = (uint64_t)g_quantum_us * 1000;
            if (due < last + q) due = last + q;
            uint64_t d = due > now ? due - now : 0;
            ts.tv_sec = d / 1000000000ull; ts.tv_nsec = d % 1000000000ull; tp = &ts;
        }
        int n = epoll_pwait2(t->ep, ev, MAXEV, tp, NULL);
        if (n < 0 && errno != EINTR) { perror("epoll"); exit(1); }
        nf = 0;
        for (int i = 0; i < n; i++) {
            conn *c = ev[i].data.ptr;
            if (!c) {
                for (int k = 0; k < 64; k++) {
                    int fd = accept4(t->lfd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                    if (fd < 0) break;
                    int one = 1;
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    c = calloc(1, sizeof *c);
                    c->fd = fd; c->t = t; c->s1.c = c; c->s1.hpos = -1;
                    struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = c};
                    epoll_ctl(t->ep, EPOLL_CTL_ADD, fd, &e);
                    t->accepted++; t->open++;
                }
                continue;
            }
            if (ev[i].events & (EPOLLERR | EPOLLHUP)) conn_close(c);
            if (!c->dead && (ev[i].events & EPOLLOUT)) flush_out(c);
            if (!c->dead && (ev[i].events & (EPOLLIN | EPOLLRDHUP))) readable(c);
            if (c->dead) tofree[nf++] = c;
        }
        for (int i = 0; i < nf; i++) freeconn(tofree[i]);
        if (t->hn) {
            uint64_t now = now_ns();
            if (t->heap[0]->due <= now && now >= last + (uint64_t)g_quantum_us * 1000) {
                last = now;
                while (t->hn && t->heap[0]->due <= now) {
                    stream *s = t->heap[0]; conn *c = s->c;
                    disarm(t, s);
                    fire(s, now);
                    if (!c->dead && !c->h2 && !c->busy && c->ilen > c->ipos) process(c);   /* pipelined */
                    if (c->dead) freeconn(c);
                }
            }
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    int o;
    while ((o = getopt(argc, argv, "p:t:q:uah")) != -1) switch (o) {
        case 'p': g_port = atoi(optarg); break;
        case 't': g_threads = atoi(optarg); break;
        case 'q': g_quantum_us = atoi(optarg); break;
        case 'u': g_upgrade = 1; break;
        case 'a': g_any = 1; break;
        default:
            fprintf(stderr, "mock [-p port=19100] [-t threads=1] [-q timer quantum, us=200] [-u accept Upgrade: h2c] [-a all interfaces]\n"
                "models: bench-TTFT-ITL-N[-PAD] cut-TTFT-ITL-N err-STATUS flaky-PCT-TTFT-ITL-N idle-TTFT-SECONDS hang (times in ms)\n");
            return 2;
        }
    signal(SIGPIPE, SIG_IGN);
    struct rlimit rl;
    getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
    const char *w = "lorem ipsum dolor sit amet consectetur ";
    for (size_t i = 0; i < sizeof g_filler; i++) g_filler[i] = w[i % strlen(w)];
    g_created = time(NULL);
    g_thr = calloc(g_threads, sizeof *g_thr);
    for (int i = 0; i < g_threads; i++) {
        thr *t = &g_thr[i];
        int one = 1;
        t->lfd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        setsockopt(t->lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        setsockopt(t->lfd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(g_port), .sin_addr.s_addr = htonl(g_any ? INADDR_ANY : INADDR_LOOPBACK)};
        if (bind(t->lfd, (void *)&a, sizeof a) || listen(t->lfd, 8192)) { perror("bind/listen"); return 1; }
        t->ep = epoll_create1(EPOLL_CLOEXEC);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
        epoll_ctl(t->ep, EPOLL_CTL_ADD, t->lfd, &e);
        t->wbuf = malloc(WBUF + 16384);
    }
    fprintf(stderr, "mock: http://%s:%d/v1  threads=%d quantum=%dus pid=%d\n", g_any ? "0.0.0.0" : "127.0.0.1", g_port, g_threads, g_quantum_us, getpid());
    for (int i = 1; i < g_threads; i++) pthread_create(&g_thr[i].tid, NULL, loop, &g_thr[i]);
    loop(&g_thr[0]);
}
