/* load.c - load generator for OpenAI-compatible chat endpoints: closed loop or open loop (constant arrival
 * rate, latencies counted from the scheduled arrival: safe from coordinated omission), plain JSON or SSE streams.
 * Streams are checked for completeness (every token in order, finish_reason, [DONE], clean end of the HTTP body).
 * Measures CPU time and memory of the gateway (and any other process tree) over the same window.
 * One file, no dependency, Linux only:   gcc -O2 -o load load.c -lm && ./load --help
 * Meant to be used with mock.c, whose tokens carry "k<index>@<CLOCK_MONOTONIC ns> " (same machine, same clock).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
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

#define S 1000000000ull
typedef uint64_t u64;

/* ---------------------------------------------------------------- histogram: log-linear, 0.1 % steps, ns */
#define SUB 1024
typedef struct { u64 n, max, min; double sum; uint32_t *b; } hist;
#define NB (SUB * 44)
static int hidx(u64 v) {
    if (v < 2 * SUB) return v;
    int e = 63 - __builtin_clzll(v) - 10;
    int i = e * SUB + (v >> e);
    return i < NB ? i : NB - 1;
}
static u64 hval(int i) {
    if (i < 2 * SUB) return i;
    int e = i / SUB - 1;
    u64 m = i - (u64)e * SUB;
    return (m << e) + (e ? (1ull << e) / 2 : 0);
}
static void hadd(hist *h, u64 v) {
    if (!h->b) { h->b = calloc(NB, sizeof *h->b); h->min = ~0ull; }
    h->b[hidx(v)]++; h->n++; h->sum += v;
    if (v > h->max) h->max = v;
    if (v < h->min) h->min = v;
}
static double hpct(hist *h, double p) {
    if (!h->n) return 0;
    u64 want = (u64)ceil(p / 100 * h->n), c = 0;
    if (!want) want = 1;
    for (int i = 0; i < NB; i++) if ((c += h->b[i]) >= want) { u64 v = hval(i); return v > h->max ? h->max : v < h->min ? h->min : v; }
    return h->max;
}

/* ---------------------------------------------------------------- options */
static char *o_host = "127.0.0.1", *o_path = "/v1/chat/completions", *o_model = "bench-0-0-50", *o_label = "", *o_json, *o_body, *o_key = "sk-bench";
static char hostbuf[128];
static int o_port = 80, o_stream, o_usage, o_conc = 1, o_maxconn = 4096, o_poisson, o_nokeep, o_prompt = 300, o_expect = -1, o_nocheck, o_hold, o_unique;
static double o_rate, o_dur = 10, o_warm = 2, o_timeout = 60, o_ramp = -1, o_drain = 15;
static u64 o_max = 20000000;
static char *o_hdr[32]; static int o_nhdr;
typedef struct { char name[32]; int root; int pid[256]; int npid; u64 cpu0, cpu1, ut0, st0, ut1, st1; long rss_max, rss_end, hwm, pss; int threads; } proc;
static proc procs[8]; static int nprocs;

static u64 now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * S + t.tv_nsec; }
static void die(const char *f, ...) { va_list a; va_start(a, f); vfprintf(stderr, f, a); va_end(a); fputc('\n', stderr); exit(2); }

/* ---------------------------------------------------------------- processes and machine */
static u64 pid_cpu(int pid) {                 /* ns, all threads that ever lived */
    clockid_t c; struct timespec t;
    if (clock_getcpuclockid(pid, &c) || clock_gettime(c, &t)) return 0;
    return t.tv_sec * S + t.tv_nsec;
}
static int pid_stat(int pid, int *ppid, u64 *ut, u64 *st, int *thr) {
    char f[64], b[2048]; snprintf(f, sizeof f, "/proc/%d/stat", pid);
    FILE *h = fopen(f, "r"); if (!h) return -1;
    size_t n = fread(b, 1, sizeof b - 1, h); fclose(h); b[n] = 0;
    char *p = strrchr(b, ')'); if (!p) return -1;
    unsigned long u, s; long th;
    if (sscanf(p + 2, "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld", ppid, &u, &s, &th) != 4) return -1;
    *ut = u; *st = s; *thr = th;
    return 0;
}
static void tree(proc *p) {                   /* root and all its descendants */
    static int pid[65536], par[65536]; int n = 0;
    DIR *d = opendir("/proc"); struct dirent *e;
    while ((e = readdir(d)) && n < 65536) if (isdigit((unsigned char)e->d_name[0])) {
        int pp, t; u64 u, s; int q = atoi(e->d_name);
        if (!pid_stat(q, &pp, &u, &s, &t)) { pid[n] = q; par[n++] = pp; }
    }
    closedir(d);
    p->npid = 0; p->pid[p->npid++] = p->root;
    for (int i = 0; i < p->npid; i++) for (int j = 0; j < n; j++) if (par[j] == p->pid[i] && p->npid < 256) p->pid[p->npid++] = pid[j];
}
static long pid_kb(int pid, const char *file, const char *key) {
    char f[64], l[256]; long v = 0; snprintf(f, sizeof f, "/proc/%d/%s", pid, file);
    FILE *h = fopen(f, "r"); if (!h) return 0;
    while (fgets(l, sizeof l, h)) if (!strncmp(l, key, strlen(key))) { v = atol(l + strlen(key)); break; }
    fclose(h);
    return v;
}
static void procs_begin(void) {
    for (int i = 0; i < nprocs; i++) {
        proc *p = &procs[i]; tree(p); p->cpu0 = p->ut0 = p->st0 = 0; p->rss_max = 0;
        for (int k = 0; k < p->npid; k++) {
            int pp, t; u64 u = 0, s = 0;
            char f[64]; snprintf(f, sizeof f, "/proc/%d/clear_refs", p->pid[k]);
            FILE *h = fopen(f, "w"); if (h) { fputs("5", h); fclose(h); }      /* peak RSS counts from here (root only) */
            pid_stat(p->pid[k], &pp, &u, &s, &t); p->ut0 += u; p->st0 += s; p->cpu0 += pid_cpu(p->pid[k]);
        }
    }
}
static void procs_sample(void) {
    for (int i = 0; i < nprocs; i++) {
        long r = 0;
        for (int k = 0; k < procs[i].npid; k++) {
            char f[64]; long a, b; snprintf(f, sizeof f, "/proc/%d/statm", procs[i].pid[k]);
            FILE *h = fopen(f, "r"); if (!h) continue;
            if (fscanf(h, "%ld %ld", &a, &b) == 2) r += b * (sysconf(_SC_PAGESIZE) / 1024);
            fclose(h);
        }
        procs[i].rss_end = r;
        if (r > procs[i].rss_max) procs[i].rss_max = r;
    }
}
static void procs_end(void) {
    procs_sample();
    for (int i = 0; i < nprocs; i++) {
        proc *p = &procs[i]; p->cpu1 = p->ut1 = p->st1 = 0; p->hwm = 0; p->threads = 0;
        for (int k = 0; k < p->npid; k++) {
            int pp, t = 0; u64 u = 0, s = 0;
            p->cpu1 += pid_cpu(p->pid[k]); pid_stat(p->pid[k], &pp, &u, &s, &t); p->ut1 += u; p->st1 += s; p->threads += t;
            p->hwm += pid_kb(p->pid[k], "status", "VmHWM:");
        }
    }
}
static u64 mstat0[10], mstat1[10];
static void mstat(u64 *v) { FILE *h = fopen("/proc/stat", "r"); memset(v, 0, 80); if (h) { if (fscanf(h, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6, v + 7) < 8) v[0] = v[0]; fclose(h); } }

/* ---------------------------------------------------------------- connections */
enum { IDLE, CONNECTING, HEAD, BODY, CLOSED };
typedef struct conn {
    int fd, st, status, chunked, close_after, gotany, sse, out;
    size_t opos;
    long long clen;            /* body bytes left, -1: until close */
    int cstate; u64 csize;     /* chunked decoder: 0 size line, 1 data, 2 crlf after data, 3 trailer */
    char cl[24]; int cln;
    char *hd; size_t hn, hcap; /* head of the response */
    char *ln; size_t lnn, lncap; /* SSE line / JSON body */
    u64 t_sched, t_send, t_first, t_last;
    int ntok, done, fin, bad, slot, ended, inwin, nev, retried;
    struct conn *next;
} conn;

static int ep; static conn *idle; static conn **all; static int nall;
static char *req; static size_t reqlen;
#define UNIQUE 16    /* digits */
static int n_expect;
static u64 t0, t_w0, t_w1, t_hard;            /* start, window, hard stop */
static u64 started, inflight, c_win, tok_win, ev_win, bytes_win;
static u64 ok_n, err_n, started_win, conns_opened, peak_inflight;
static hist h_lat, h_ttft, h_itl, h_tot, h_transit, h_late, h_svc;
static struct { char k[96]; u64 n; char sample[300]; } errs[64]; static int nerrs;
static char first_resp_head[2048];
static int stopping;

static void err_count(conn *c, const char *k, const char *sample, size_t n) {
    if (c && c->inwin) err_n++;
    int i;
    for (i = 0; i < nerrs; i++) if (!strcmp(errs[i].k, k)) break;
    if (i == nerrs) { if (nerrs == 64) return; nerrs++; snprintf(errs[i].k, sizeof errs[i].k, "%s", k); if (sample) snprintf(errs[i].sample, sizeof errs[i].sample, "%.*s", (int)(n > 290 ? 290 : n), sample); }
    errs[i].n++;
}
static void next_closed(conn *c);
static void submit(conn *c, u64 sched);

static void finish(conn *c, const char *error, int reusable) {   /* the request on c is over */
    u64 now = now_ns();
    inflight--;
    if (error) err_count(c, error, c->ln, c->lnn);
    else {
        if (now >= t_w0 && now < t_w1) c_win++;
        if (c->inwin) {
            ok_n++;
            hadd(&h_lat, now - c->t_sched);
            hadd(&h_svc, now - c->t_send);
            if (o_stream) hadd(&h_tot, now - c->t_sched);
        }
    }
    if (!reusable || c->close_after || o_nokeep) {
        epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, NULL); close(c->fd); c->fd = -1; c->st = CLOSED;
    } else c->st = IDLE;
    next_closed(c);
}
static void verdict(conn *c, int clean, int reusable) {
    char k[96];
    if (c->status != 200) { snprintf(k, sizeof k, "http_%d", c->status); finish(c, k, reusable); return; }
    if (!clean) { finish(c, o_stream && c->ntok ? "stream_cut" : "connection_closed", 0); return; }
    if (o_hold) { finish(c, "stream_ended_early", 0); return; }
    if (o_nocheck) { finish(c, NULL, reusable); return; }
    if (o_stream) {
        if (!c->sse) { finish(c, "not_an_event_stream", reusable); return; }
        if (c->bad) { finish(c, "tokens_out_of_order", reusable); return; }
        if (n_expect >= 0 && c->ntok != n_expect) { finish(c, "tokens_missing", reusable); return; }
        if (!c->fin) { finish(c, "no_finish_reason", reusable); return; }
        if (!c->done) { finish(c, "no_DONE", reusable); return; }
    } else {
        char *m = memmem(c->ln, c->lnn, "k0@", 3);
        size_t e = c->lnn;
        while (e && isspace((unsigned char)c->ln[e - 1])) e--;
        if (!m || !memmem(c->ln, c->lnn, "\"choices\"", 9) || !e || c->ln[e - 1] != '}') { finish(c, "bad_body", reusable); return; }
    }
    finish(c, NULL, reusable);
}
static void sse_line(conn *c, char *p, size_t n, u64 now) {
    if (n && p[n - 1] == '\r') n--;
    if (n < 5 || memcmp(p, "data:", 5)) return;
    p += 5; n -= 5;
    while (n && *p == ' ') { p++; n--; }
    if (n == 6 && !memcmp(p, "[DONE]", 6)) { c->done = 1; return; }
    c->nev++;
    if (now >= t_w0 && now < t_w1) ev_win++;
    char *e = p + n, *q = p;
    int had = 0;
    while ((q = memchr(q, '@', e - q))) {      /* k<idx>@<ns> */
        char *a = q;
        while (a > p && isdigit((unsigned char)a[-1])) a--;
        if (a == q || a == p || a[-1] != 'k') { q++; continue; }
        int idx = atoi(a); u64 ts = strtoull(q + 1, NULL, 10);
        if (idx != c->ntok) c->bad = 1;
        c->ntok++; had = 1;
        if (now >= t_w0 && now < t_w1) tok_win++;
        if (c->inwin && ts && ts <= now && now - ts < 600 * S) hadd(&h_transit, now - ts);
        if (!c->t_first) { c->t_first = now; if (c->inwin) hadd(&h_ttft, now - c->t_sched); }
        else if (c->inwin) hadd(&h_itl, now - c->t_last);
        c->t_last = now;
        q++;
    }
    if (!had) {
        char *f = memmem(p, n, "\"finish_reason\"", 15);
        if (f) { f += 15; while (f < e && (*f == ' ' || *f == ':')) f++; if (f < e && *f == '"') c->fin = 1; }
    }
}
static void body_bytes(conn *c, char *p, size_t n, u64 now) {
    if (!o_stream || c->status != 200) {
        if (c->lnn + n > c->lncap) c->ln = realloc(c->ln, c->lncap = (c->lnn + n) * 2);
        memcpy(c->ln + c->lnn, p, n); c->lnn += n;
        return;
    }
    while (n) {
        char *nl = memchr(p, '\n', n);
        size_t k = nl ? (size_t)(nl - p) : n;
        if (nl && !c->lnn) sse_line(c, p, k, now);
        else {
            if (c->lnn + k > c->lncap) c->ln = realloc(c->ln, c->lncap = (c->lnn + k) * 2 + 512);
            memcpy(c->ln + c->lnn, p, k); c->lnn += k;
            if (nl) { sse_line(c, c->ln, c->lnn, now); c->lnn = 0; }
        }
        if (!nl) return;
        p = nl + 1; n -= k + 1;
    }
}
/* returns 1 when the body is complete */
static int body(conn *c, char *p, size_t n, u64 now) {
    if (!c->chunked) {
        if (c->clen < 0) { body_bytes(c, p, n, now); return 0; }
        size_t k = (long long)n < c->clen ? n : (size_t)c->clen;
        body_bytes(c, p, k, now); c->clen -= k;
        return c->clen == 0;
    }
    while (n) {
        if (c->cstate == 1) {
            size_t k = n < c->csize ? n : c->csize;
            body_bytes(c, p, k, now); p += k; n -= k; c->csize -= k;
            if (!c->csize) { c->cstate = 2; }
        } else if (c->cstate == 2) { if (*p == '\n') { c->cstate = 0; c->cln = 0; } p++; n--; }
        else {
            char ch = *p++; n--;
            if (ch == '\n') {
                c->cl[c->cln] = 0;
                if (c->cstate == 3) { if (c->cln == 0) return 1; c->cln = 0; continue; }
                c->csize = strtoull(c->cl, NULL, 16);
                c->cln = 0;
                c->cstate = c->csize ? 1 : 3;
            } else if (ch != '\r' && c->cln < 20) c->cl[c->cln++] = ch;
        }
    }
    return 0;
}
static const char *hget(const char *h, const char *e, const char *name, size_t *vl) {
    size_t nl = strlen(name);
    while (h < e) {
        const char *x = memchr(h, '\n', e - h); if (!x) x = e;
        if ((size_t)(x - h) > nl && h[nl] == ':' && !strncasecmp(h, name, nl)) {
            const char *v = h + nl + 1; while (v < x && *v == ' ') v++;
            const char *w = x; while (w > v && isspace((unsigned char)w[-1])) w--;
            *vl = w - v; return v;
        }
        h = x + 1;
    }
    return NULL;
}
/* ---------------------------------------------------------------- io */
static void reopen(conn *c) {
    if (c->fd >= 0) { epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, NULL); close(c->fd); }
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket: %s", strerror(errno));
    int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(o_port)};
    inet_pton(AF_INET, o_host, &a.sin_addr);
    conns_opened++;
    c->st = CONNECTING; c->out = 1;
    if (connect(c->fd, (void *)&a, sizeof a) && errno != EINPROGRESS) { /* reported by epoll */ }
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}
/* --unique: a number of its own in each prompt, so that no answer is another one's. A request that is sent in two parts may get
 * the next one's digits in its second: still a prompt of its own. */
static char *unique_at;
static void number_prompt(void) {
    static u64 number;
    if (!number) number = now_ns();     /* nor the same as in an earlier window */
    u64 n = ++number;
    for (int i = UNIQUE - 1; i >= 0; i--, n >>= 4) unique_at[i] = "0123456789abcdef"[n & 15];
}
static void pump(conn *c) {
    if (unique_at && !c->opos) number_prompt();
    while (c->opos < reqlen) {
        ssize_t w = send(c->fd, req + c->opos, reqlen - c->opos, MSG_NOSIGNAL);
        if (w < 0) { if (errno == EAGAIN) break; c->opos = reqlen; return; }   /* the read side will tell */
        c->opos += w;
    }
    int want = c->opos < reqlen;
    if (want != c->out) {
        c->out = want;
        struct epoll_event e = {.events = EPOLLIN | (want ? EPOLLOUT : 0), .data.ptr = c};
        epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
    }
}
static void submit(conn *c, u64 sched) {
    u64 now = now_ns();
    c->status = c->chunked = c->close_after = c->gotany = c->sse = 0; c->opos = 0; c->clen = -1; c->cstate = c->cln = 0;
    c->hn = c->lnn = 0; c->t_sched = sched; c->t_send = now; c->t_first = c->t_last = 0;
    c->ntok = c->done = c->fin = c->bad = c->nev = c->retried = 0;
    c->inwin = o_hold || (sched >= t_w0 && sched < t_w1);
    started++; inflight++;
    if (inflight > peak_inflight) peak_inflight = inflight;
    if (c->inwin) { started_win++; hadd(&h_late, now - sched); }
    if (c->st == IDLE && c->fd >= 0) { c->st = HEAD; pump(c); }
    else reopen(c);
}
static u64 q_head, q_tail;                    /* open loop: arrivals waiting for a connection, by number */
static u64 *q; static size_t qcap;
static void next_closed(conn *c) {
    if (o_rate > 0) {
        if (q_head < q_tail) { u64 s = q[q_head++ % qcap]; submit(c, s); return; }
        c->next = idle; idle = c;
        return;
    }
    if (o_hold || stopping || started >= o_max || now_ns() >= t_w1) { c->next = idle; idle = c; return; }
    submit(c, now_ns());
}
static void count_held(void) {                /* --hold: a stream is right when it is open and has had its tokens */
    for (int i = 0; i < nall; i++) {
        conn *c = all[i];
        if (c->st == CLOSED) continue;        /* counted when it ended */
        inflight--;
        if (c->st == BODY && c->sse && !c->bad && c->ntok == n_expect) ok_n++;
        else { c->inwin = 1; err_count(c, c->ntok ? "tokens_wrong" : "no_first_token", c->hd, c->hn); }
    }
    u64 unopened = nall - started;
    for (u64 i = 0; i < unopened; i++) { err_n++; err_count(NULL, "not_opened", NULL, 0); }
}
static char rbuf[1 << 18];
static void on_event(conn *c, uint32_t ev) {
    if (c->st == CONNECTING) {
        int er = 0; socklen_t l = sizeof er;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &er, &l);
        if (er) { char k[64]; snprintf(k, sizeof k, "connect_%s", strerrorname_np(er)); close(c->fd); c->fd = -1; c->st = CLOSED; finish(c, k, 0); return; }
        if (!(ev & EPOLLOUT)) return;
        c->st = HEAD;
        pump(c);
        return;
    }
    if (c->st == CLOSED) return;
    if ((ev & EPOLLOUT) && c->st != IDLE) pump(c);
    if (!(ev & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
    for (;;) {
        ssize_t r = recv(c->fd, rbuf, sizeof rbuf, MSG_DONTWAIT);
        u64 now = now_ns();
        if (r < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (r <= 0) {
            if (c->st == IDLE) {                       /* the server closed a kept connection */
                epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, NULL); close(c->fd); c->fd = -1; c->st = CLOSED; return;
            }
            if (c->st == BODY && c->clen < 0 && !c->chunked && r == 0) { verdict(c, 1, 0); return; }
            if (c->st == HEAD && !c->gotany && !c->retried && conns_opened > 1) { c->retried = 1; c->opos = 0; reopen(c); return; }   /* raced with a keep-alive close */
            if (c->st == HEAD) finish(c, r < 0 ? "reset_before_head" : "closed_before_head", 0);
            else verdict(c, 0, 0);
            return;
        }
        c->gotany = 1;
        if (now >= t_w0 && now < t_w1) bytes_win += r;
        char *p = rbuf; size_t n = r;
        if (c->st == IDLE) { err_count(NULL, "unexpected_bytes_on_idle_connection", p, n); epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, NULL); close(c->fd); c->fd = -1; c->st = CLOSED; return; }
        if (c->st == HEAD) {
        again:
            if (c->hn + n > c->hcap) c->hd = realloc(c->hd, c->hcap = (c->hn + n) * 2 + 1024);
            memcpy(c->hd + c->hn, p, n);
            size_t old = c->hn; c->hn += n;
            char *he = memmem(c->hd, c->hn, "\r\n\r\n", 4);
            if (!he) { if ((size_t)r < sizeof rbuf) return; continue; }
            size_t used = he + 4 - c->hd - old;
            p += used; n -= used;
            c->status = atoi(c->hd + 9);
            if (c->status == 100) { c->hn = 0; if (!n) return; goto again; }
            if (!*first_resp_head) snprintf(first_resp_head, sizeof first_resp_head, "%.*s", (int)(he - c->hd), c->hd);
            char *hl = memchr(c->hd, '\n', he - c->hd + 2) + 1; size_t vl; const char *v;
            if ((v = hget(hl, he + 2, "transfer-encoding", &vl)) && vl >= 7 && !strncasecmp(v, "chunked", 7)) c->chunked = 1;
            else if ((v = hget(hl, he + 2, "content-length", &vl))) c->clen = atoll(v);
            if ((v = hget(hl, he + 2, "connection", &vl)) && vl == 5 && !strncasecmp(v, "close", 5)) c->close_after = 1;
            if ((v = hget(hl, he + 2, "content-type", &vl)) && vl >= 17 && !strncasecmp(v, "text/event-stream", 17)) c->sse = 1;
            c->st = BODY;
            if (!c->chunked && c->clen == 0) { verdict(c, 1, 1); return; }
        }
        if (n && body(c, p, n, now)) { verdict(c, 1, 1); return; }
        if ((size_t)r < sizeof rbuf) return;
    }
}
/* ---------------------------------------------------------------- report */
static void jstr(FILE *f, const char *s) { fputc('"', f); for (; *s; s++) { unsigned char ch = *s; if (ch == '"' || ch == '\\') fprintf(f, "\\%c", ch); else if (ch < 32) fprintf(f, "\\u%04x", ch); else fputc(ch, f); } fputc('"', f); }
static void jhist(FILE *f, const char *name, hist *h, double unit) {
    fprintf(f, "  \"%s\": {\"n\": %lu", name, h->n);
    if (h->n) fprintf(f, ", \"min\": %.4f, \"mean\": %.4f, \"p50\": %.4f, \"p90\": %.4f, \"p95\": %.4f, \"p99\": %.4f, \"p99.9\": %.4f, \"max\": %.4f",
        h->min / unit, h->sum / h->n / unit, hpct(h, 50) / unit, hpct(h, 90) / unit, hpct(h, 95) / unit, hpct(h, 99) / unit, hpct(h, 99.9) / unit, h->max / unit);
    fprintf(f, "},\n");
}
static void report(FILE *f, u64 wall) {
    double w = (t_w1 - t_w0) / 1e9;
    fprintf(f, "{\n  \"label\": "); jstr(f, o_label);
    fprintf(f, ",\n  \"url\": \"http://%s:%d%s\", \"model\": ", o_host, o_port, o_path); jstr(f, o_model);
    fprintf(f, ",\n  \"mode\": \"%s\", \"loop\": \"%s\", \"concurrency\": %d, \"rate\": %.3f,\n", o_stream ? "stream" : "json", o_rate > 0 ? (o_poisson ? "open-poisson" : "open-constant") : "closed", o_rate > 0 ? 0 : o_conc, o_rate);
    fprintf(f, "  \"warmup_s\": %.2f, \"window_s\": %.3f, \"wall_s\": %.2f, \"request_bytes\": %zu,\n", o_warm, w, wall / 1e9, reqlen);
    fprintf(f, "  \"started\": %lu, \"started_in_window\": %lu, \"ok\": %lu, \"errors\": %lu, \"unfinished\": %lu, \"peak_in_flight\": %lu, \"connections_opened\": %lu,\n", started, started_win, ok_n, err_n, inflight + (q_tail - q_head), peak_inflight, conns_opened);
    fprintf(f, "  \"completed_in_window\": %lu, \"rps\": %.2f, \"tokens_in_window\": %lu, \"tokens_per_s\": %.1f, \"events_in_window\": %lu, \"mb_per_s\": %.2f,\n", c_win, c_win / w, tok_win, tok_win / w, ev_win, bytes_win / w / 1e6);
    fprintf(f, "  \"error_kinds\": {");
    for (int i = 0; i < nerrs; i++) { fprintf(f, "%s", i ? ", " : ""); jstr(f, errs[i].k); fprintf(f, ": %lu", errs[i].n); }
    fprintf(f, "}, \"error_samples\": {");
    for (int i = 0, k = 0; i < nerrs; i++) if (*errs[i].sample) { fprintf(f, "%s", k++ ? ", " : ""); jstr(f, errs[i].k); fprintf(f, ": "); jstr(f, errs[i].sample); }
    fprintf(f, "},\n");
    jhist(f, "latency_ms", &h_lat, 1e6);
    if (o_rate > 0) { jhist(f, "service_ms", &h_svc, 1e6); jhist(f, "late_start_ms", &h_late, 1e6); }
    if (o_stream) { jhist(f, "ttft_ms", &h_ttft, 1e6); jhist(f, "itl_ms", &h_itl, 1e6); jhist(f, "total_ms", &h_tot, 1e6); jhist(f, "token_transit_us", &h_transit, 1e3); }
    fprintf(f, "  \"procs\": {");
    double known = 0;
    for (int i = 0; i < nprocs; i++) {
        proc *p = &procs[i]; double us = (p->cpu1 - p->cpu0) / 1e3; long hz = sysconf(_SC_CLK_TCK);
        known += us;
        fprintf(f, "%s\n    \"%s\": {\"pids\": %d, \"threads\": %d, \"cpu_s\": %.4f, \"cpu_cores\": %.3f, \"utime_s\": %.2f, \"stime_s\": %.2f", i ? "," : "", p->name, p->npid, p->threads, us / 1e6, us / 1e6 / w, (p->ut1 - p->ut0) * 1.0 / hz, (p->st1 - p->st0) * 1.0 / hz);
        if (c_win) fprintf(f, ", \"cpu_us_per_request\": %.2f", us / c_win);
        if (tok_win) fprintf(f, ", \"cpu_us_per_chunk\": %.3f", us / tok_win);
        fprintf(f, ", \"rss_mb\": %.1f, \"rss_max_mb\": %.1f, \"hwm_mb\": %.1f}", p->rss_end / 1024.0, p->rss_max / 1024.0, p->hwm / 1024.0);
    }
    static u64 self_us; if (!self_us) { extern u64 g_self0, g_self1; self_us = (g_self1 - g_self0) / 1000; }
    known += self_us;
    u64 tot = 0, d[8]; for (int i = 0; i < 8; i++) tot += d[i] = mstat1[i] - mstat0[i];
    double hz = sysconf(_SC_CLK_TCK), busy = (d[0] + d[1] + d[2] + d[5] + d[6]) / hz;
    fprintf(f, "\n  },\n  \"generator_cpu_s\": %.4f,\n  \"machine\": {\"cpus\": %ld, \"busy_cores\": %.3f, \"softirq_cores\": %.3f, \"steal_cores\": %.3f, \"other_work_cores\": %.3f},\n", self_us / 1e6, sysconf(_SC_NPROCESSORS_ONLN), busy / w, d[6] / hz / w, d[7] / hz / w, busy / w - known / 1e6 / w);
    fprintf(f, "  \"first_response_head\": "); jstr(f, first_resp_head);
    fprintf(f, "\n}\n");
}
u64 g_self0, g_self1;
static volatile sig_atomic_t g_int;
static void on_int(int s) { (void)s; g_int = 1; }

static void usage(void) {
    puts("load --url http://127.0.0.1:PORT/v1/chat/completions [options]\n"
        "  --model M (bench-0-0-50)   --stream   --usage (stream_options.include_usage)   --prompt-bytes N (300)   --body FILE\n"
        "  -c N            closed loop, N in flight (1)        --rate R  open loop, R arrivals a second   --poisson   --max-conns N (4096)\n"
        "  -d S window (10)   -w S warm-up (2)   --ramp S spread the first closed-loop starts (default: warm-up/2, at most 2)\n"
        "  -n N at most N requests   --timeout S (60)   --drain S (15)   --no-keepalive\n"
        "  --unique        a number in each prompt, so that no two are the same\n"
        "  --header 'K: V' (repeat)   --key K   --expect N tokens a stream (default: from bench-T-I-N; -1: any)   --no-check\n"
        "  --hold          open -c streams once (--ramp), keep them through the window, then leave: each must have its token and be open still\n"
        "  --pid NAME=PID (repeat): CPU and memory of that process and its descendants over the window\n"
        "  --json FILE (default stdout)   --label TEXT");
    exit(2);
}
int main(int argc, char **argv) {
    enum { URL = 256, MODEL, STREAM, USAGE, PROMPT, BODYF, RATE, POISSON, MAXC, RAMP, TMO, DRAIN, NOKA, HDR, KEY, EXPECT, PID, JSON, LABEL, NOCHECK, HOLD, UNIQ };
    struct option lo[] = {{"url", 1, 0, URL}, {"model", 1, 0, MODEL}, {"stream", 0, 0, STREAM}, {"usage", 0, 0, USAGE}, {"prompt-bytes", 1, 0, PROMPT}, {"body", 1, 0, BODYF}, {"rate", 1, 0, RATE}, {"poisson", 0, 0, POISSON}, {"max-conns", 1, 0, MAXC}, {"ramp", 1, 0, RAMP}, {"timeout", 1, 0, TMO}, {"drain", 1, 0, DRAIN}, {"no-keepalive", 0, 0, NOKA}, {"header", 1, 0, HDR}, {"key", 1, 0, KEY}, {"expect", 1, 0, EXPECT}, {"pid", 1, 0, PID}, {"json", 1, 0, JSON}, {"label", 1, 0, LABEL}, {"no-check", 0, 0, NOCHECK}, {"hold", 0, 0, HOLD}, {"unique", 0, 0, UNIQ}, {"help", 0, 0, 'h'}, {0, 0, 0, 0}};
    int o, expect_set = 0; char *url = NULL;
    while ((o = getopt_long(argc, argv, "c:d:w:n:h", lo, NULL)) != -1) switch (o) {
        case URL: url = optarg; break; case MODEL: o_model = optarg; break; case STREAM: o_stream = 1; break; case USAGE: o_usage = 1; break;
        case PROMPT: o_prompt = atoi(optarg); break; case BODYF: o_body = optarg; break; case RATE: o_rate = atof(optarg); break;
        case POISSON: o_poisson = 1; break; case MAXC: o_maxconn = atoi(optarg); break; case RAMP: o_ramp = atof(optarg); break;
        case TMO: o_timeout = atof(optarg); break; case DRAIN: o_drain = atof(optarg); break; case NOKA: o_nokeep = 1; break;
        case HDR: if (o_nhdr < 32) o_hdr[o_nhdr++] = optarg; break; case KEY: o_key = optarg; break; case EXPECT: o_expect = atoi(optarg); expect_set = 1; break;
        case PID: { char *e = strchr(optarg, '='); if (!e || nprocs == 8) usage(); proc *p = &procs[nprocs++]; snprintf(p->name, sizeof p->name, "%.*s", (int)(e - optarg), optarg); p->root = atoi(e + 1); if (pid_cpu(p->root) == 0 && kill(p->root, 0)) die("no process %d", p->root); break; }
        case JSON: o_json = optarg; break; case LABEL: o_label = optarg; break; case NOCHECK: o_nocheck = 1; break; case HOLD: o_hold = o_stream = 1; break; case UNIQ: o_unique = 1; break;
        case 'c': o_conc = atoi(optarg); break; case 'd': o_dur = atof(optarg); break; case 'w': o_warm = atof(optarg); break; case 'n': o_max = strtoull(optarg, NULL, 10); break;
        default: usage();
        }
    if (!url || strncmp(url, "http://", 7)) usage();
    char *h = url + 7, *sl = strchr(h, '/'); if (sl) o_path = sl;
    snprintf(hostbuf, sizeof hostbuf, "%.*s", (int)(sl ? sl - h : (long)strlen(h)), h);
    char *col = strchr(hostbuf, ':'); if (col) { *col = 0; o_port = atoi(col + 1); }
    o_host = !strcmp(hostbuf, "localhost") ? "127.0.0.1" : hostbuf;
    if (strncmp(o_host, "127.", 4)) die("loopback only: %s", o_host);
    const char *m = strrchr(o_model, '/'); m = m ? m + 1 : o_model;
    int a, b, k = 50;
    if (sscanf(m, "bench-%d-%d-%d", &a, &b, &k) != 3) k = 50;
    if (!strncmp(m, "idle-", 5)) k = 1;
    n_expect = expect_set ? o_expect : k;
    if (o_ramp < 0) o_ramp = o_rate > 0 ? 0 : fmin(o_warm / 2, 2);
    struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
    signal(SIGPIPE, SIG_IGN); signal(SIGINT, on_int); signal(SIGTERM, on_int);
    prctl(PR_SET_TIMERSLACK, 1000);
    /* the request */
    char *bodyb; size_t bl;
    if (o_body) { FILE *f = fopen(o_body, "r"); if (!f) die("%s: %s", o_body, strerror(errno)); fseek(f, 0, SEEK_END); bl = ftell(f); rewind(f); bodyb = malloc(bl + 1); if (fread(bodyb, 1, bl, f) != bl) die("read"); fclose(f); }
    else {
        bodyb = malloc(o_prompt + 1024); const char *w = "Explain how a gateway keeps latency low. ";
        char *p = bodyb + sprintf(bodyb, "{\"model\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},{\"role\":\"user\",\"content\":\"", o_model);
        for (int i = 0; i < o_prompt; i++) *p++ = w[i % strlen(w)];
        p += sprintf(p, "\"}],\"temperature\":0.7,\"max_tokens\":256%s%s}", o_stream ? ",\"stream\":true" : "", o_stream && o_usage ? ",\"stream_options\":{\"include_usage\":true}" : "");
        bl = p - bodyb;
    }
    size_t cap = bl + 4096; for (int i = 0; i < o_nhdr; i++) cap += strlen(o_hdr[i]) + 2;
    req = malloc(cap);
    reqlen = sprintf(req, "POST %s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nAccept: %s\r\nUser-Agent: mehari-bench/1\r\nContent-Length: %zu\r\n", o_path, o_host, o_port, o_key, o_stream ? "text/event-stream" : "application/json", bl);
    for (int i = 0; i < o_nhdr; i++) reqlen += sprintf(req + reqlen, "%s\r\n", o_hdr[i]);
    if (o_nokeep) reqlen += sprintf(req + reqlen, "Connection: close\r\n");
    reqlen += sprintf(req + reqlen, "\r\n");
    memcpy(req + reqlen, bodyb, bl); reqlen += bl;
    if (o_unique) {
        if (o_body || o_prompt < UNIQUE) die("--unique wants a prompt of its own making, of at least %d bytes", UNIQUE);
        /* at the prompt's end: what providers cache by its beginning stays the same */
        unique_at = strstr(req + reqlen - bl, "\"}],\"temperature\"") - UNIQUE;
    }

    ep = epoll_create1(EPOLL_CLOEXEC);
    nall = o_rate > 0 ? o_maxconn : o_conc;
    all = calloc(nall, sizeof *all);
    for (int i = 0; i < nall; i++) { all[i] = calloc(1, sizeof **all); all[i]->fd = -1; all[i]->st = CLOSED; all[i]->slot = i; }
    if (o_rate > 0) { for (int i = nall - 1; i >= 0; i--) { all[i]->next = idle; idle = all[i]; } qcap = 1 << 22; q = malloc(qcap * sizeof *q); }
    t0 = now_ns(); t_w0 = t0 + (u64)(o_warm * 1e9); t_w1 = t_w0 + (u64)(o_dur * 1e9); t_hard = t_w1 + (u64)(o_drain * 1e9);
    u64 sent = 0, next_arr = t0, next_sample = t_w0, next_sweep = t0 + S / 10; int win = 0;
    double arr = t0; srand48(42);
    struct epoll_event ev[1024];
    for (;;) {
        u64 now = now_ns();
        if (win == 0 && now >= t_w0) { win = 1; t_w0 = now; t_w1 = now + (u64)(o_dur * 1e9); procs_begin(); mstat(mstat0); struct rusage r; getrusage(RUSAGE_SELF, &r); g_self0 = (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * S + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1000ull; next_sample = now; t_hard = t_w1 + (u64)(o_drain * 1e9); }
        if (win == 1 && (now >= t_w1 || (g_int || (started >= o_max && !inflight)))) { win = 2; t_w1 = now; stopping = 1; procs_end(); mstat(mstat1); struct rusage r; getrusage(RUSAGE_SELF, &r); g_self1 = (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * S + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1000ull; t_hard = t_w1 + (u64)(o_drain * 1e9); }
        if (win == 2 && o_hold) { count_held(); break; }
        if (g_int) stopping = 1;
        if (stopping && win == 2 && (!inflight || now >= t_hard || g_int > 1)) break;
        if (win == 1 && now >= next_sample) { procs_sample(); next_sample = now + S / 5; }
        if (now >= next_sweep) {
            next_sweep = now + S / 10;
            for (int i = 0; i < nall; i++) { conn *c = all[i]; if (c->st != IDLE && c->st != CLOSED && now - c->t_send > (u64)(o_timeout * 1e9)) finish(c, "timeout", 0); }
        }
        u64 wake = next_sweep;
        if (win == 0 && t_w0 < wake) wake = t_w0;
        if (win == 1) { if (t_w1 < wake) wake = t_w1; if (next_sample < wake) wake = next_sample; }
        if (!stopping) {
            if (o_rate > 0) {
                while (next_arr <= now && started + (q_tail - q_head) < o_max && next_arr < t_w1) {
                    if (idle) { conn *c = idle; idle = c->next; submit(c, next_arr); }
                    else if (q_tail - q_head < qcap) { q[q_tail++ % qcap] = next_arr; }
                    sent++;
                    arr = o_poisson ? arr + -log(1 - drand48()) / o_rate * 1e9 : t0 + (double)sent / o_rate * 1e9;
                    next_arr = (u64)arr;
                }
                if (next_arr < wake) wake = next_arr;
            } else {
                while ((int)sent < nall && started < o_max) {
                    u64 at = t0 + (u64)(o_ramp * 1e9 * sent / nall);
                    if (at > now) { if (at < wake) wake = at; break; }
                    submit(all[sent++], now);
                }
            }
        }
        u64 d = wake > now ? wake - now : 0;
        struct timespec ts = {d / S, d % S};
        int n = epoll_pwait2(ep, ev, 1024, &ts, NULL);
        for (int i = 0; i < n; i++) { conn *c = ev[i].data.ptr; if (c->fd >= 0) on_event(c, ev[i].events); }
    }
    FILE *f = o_json ? fopen(o_json, "w") : stdout;
    if (!f) die("%s: %s", o_json, strerror(errno));
    report(f, now_ns() - t0);
    if (o_json) { fclose(f);
        fprintf(stderr, "%-28s %s rps=%.0f ok=%lu err=%lu unfinished=%lu p50=%.3fms p99=%.3fms", o_label, o_stream ? "stream" : "json", c_win / ((t_w1 - t_w0) / 1e9), ok_n, err_n, inflight, hpct(&h_lat, 50) / 1e6, hpct(&h_lat, 99) / 1e6);
        if (o_stream) fprintf(stderr, " ttft50=%.2fms transit50=%.0fus p99=%.0fus chunks/s=%.0f", hpct(&h_ttft, 50) / 1e6, hpct(&h_transit, 50) / 1e3, hpct(&h_transit, 99) / 1e3, tok_win / ((t_w1 - t_w0) / 1e9));
        if (nprocs) fprintf(stderr, " cpu[%s]=%.2fcores", procs[0].name, (procs[0].cpu1 - procs[0].cpu0) / 1e9 / ((t_w1 - t_w0) / 1e9));
        fputc('\n', stderr);
    }
    return err_n || inflight ? 1 : 0;
}
