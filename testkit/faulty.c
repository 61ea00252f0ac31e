/* Makes the file calls of a process fail or stop, for tests (LD_PRELOAD). Only calls on paths below a folder count.

   faulty_arm(folder, number, error): call `number` (from 1) fails with `error`; with error 0 the process loses its power
   before it: what was written and not flushed is dropped, names that were not flushed are undone, and it ends.
   faulty_count(): how many calls there have been. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST 4096
static char below[PATH_MAX];
static int fails_at, fails_with, count, dirty_count, renamed_count;
static char *dirty[MOST];
static struct { char *from, *to, *kept; } renamed[MOST];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) static type (*real_##name)(__VA_ARGS__); if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

static int inside(const char *path) { return below[0] && path && !strncmp(path, below, strlen(below)); }

static int named(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return inside(path);
}

static void lose_power(void) {
    for (int n = renamed_count - 1; n >= 0; n--) {
        rename(renamed[n].to, renamed[n].from);
        if (renamed[n].kept) rename(renamed[n].kept, renamed[n].to);
    }
    for (int n = 0; n < dirty_count; n++) if (dirty[n]) truncate(dirty[n], 0);
    _exit(9);
}

/* Whether this call fails. */
static int fails(void) {
    pthread_mutex_lock(&lock);
    int now = ++count == fails_at;
    if (now && !fails_with) { below[0] = 0; lose_power(); }
    pthread_mutex_unlock(&lock);
    if (now) errno = fails_with;
    return now;
}

static void wrote(const char *path) {
    for (int n = 0; n < dirty_count; n++) if (dirty[n] && !strcmp(dirty[n], path)) return;
    if (dirty_count < MOST) dirty[dirty_count++] = strdup(path);
}

static void flushed(const char *path) {
    size_t length = strlen(path);
    for (int n = 0; n < dirty_count; n++)
        if (dirty[n] && !strcmp(dirty[n], path)) { free(dirty[n]); dirty[n] = 0; }
    int left = 0;  /* a folder: the names in it are on disk now */
    for (int n = 0; n < renamed_count; n++) {
        char *slash = strrchr(renamed[n].to, '/');
        if ((size_t)(slash - renamed[n].to) == length && !strncmp(renamed[n].to, path, length)) {
            if (renamed[n].kept) unlink(renamed[n].kept);
        } else renamed[left++] = renamed[n];
    }
    renamed_count = left;
}

void faulty_arm(const char *folder, int number, int error) {
    snprintf(below, sizeof below, "%s", folder);
    fails_at = number; fails_with = error; count = dirty_count = renamed_count = 0;
}
int faulty_count(void) { return count; }

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    if (inside(path) && fails()) return -1;
    return real(path, flags, mode);
}
#define OPEN(name) int name(const char *path, int flags, ...) { \
    REAL(int, name, const char *, int, ...); va_list list; va_start(list, flags); mode_t mode = va_arg(list, int); va_end(list); \
    return opened(real_##name, path, flags, mode); }
OPEN(open)
OPEN(open64)
#define OPENAT(name) int name(int at, const char *path, int flags, ...) { \
    REAL(int, name, int, const char *, int, ...); va_list list; va_start(list, flags); mode_t mode = va_arg(list, int); va_end(list); \
    if (inside(path) && fails()) return -1; \
    return real_##name(at, path, flags, mode); }
OPENAT(openat)
OPENAT(openat64)

#define WRITE(name, parameters, arguments, ...) ssize_t name parameters { \
    REAL(ssize_t, name, __VA_ARGS__); char path[PATH_MAX]; \
    if (named(fd, path)) { if (fails()) return -1; pthread_mutex_lock(&lock); wrote(path); pthread_mutex_unlock(&lock); } \
    return real_##name arguments; }
WRITE(write, (int fd, const void *data, size_t n), (fd, data, n), int, const void *, size_t)
WRITE(pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at), int, const void *, size_t, off64_t)

/* fwrite is not seen (it calls write within the C library), so what numpy writes is counted when it is flushed. */
#define FLUSH(name) int name(int fd) { \
    REAL(int, name, int); char path[PATH_MAX]; int mine = named(fd, path); \
    if (mine && fails()) return -1; \
    int done = real_##name(fd); \
    if (mine && !done) { pthread_mutex_lock(&lock); flushed(path); pthread_mutex_unlock(&lock); } \
    return done; }
FLUSH(fsync)
FLUSH(fdatasync)

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    if (!inside(to)) return real_rename(from, to);
    if (fails()) return -1;
    char *kept = NULL;
    struct stat found;
    if (!stat(to, &found) && S_ISREG(found.st_mode) && asprintf(&kept, "%s.kept%d", to, count) > 0) link(to, kept);
    int done = real_rename(from, to);
    pthread_mutex_lock(&lock);
    if (!done && renamed_count < MOST) {
        for (int n = 0; n < dirty_count; n++)  /* what was written under the old name */
            if (dirty[n] && !strncmp(dirty[n], from, strlen(from))) {
                char *moved;
                if (asprintf(&moved, "%s%s", to, dirty[n] + strlen(from)) > 0) { free(dirty[n]); dirty[n] = moved; }
            }
        renamed[renamed_count].from = strdup(from);
        renamed[renamed_count].to = strdup(to);
        renamed[renamed_count++].kept = kept;
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    return inside(path) && fails() ? -1 : real_mkdir(path, mode);
}
