/* Stands between a process and its file system: fails, or kills at, the n-th write-like call on files below one folder
   (fault_arm), or keeps a record of writes, truncations and syncs from which a disk after a power cut can be rebuilt
   (record_to, record_mark). Built and preloaded by trust/faults.py; nothing here is part of the program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long armed_at, armed_error, calls;
static int log_fd = -1, fired;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
static int (*real_rename)(const char *, const char *), (*real_link)(const char *, const char *), (*real_unlink)(const char *);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_link = dlsym(RTLD_NEXT, "link");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
}

/* error 0 means SIGKILL; at 0 counts only. */
void fault_arm(const char *below, long at, long error) {
    snprintf(folder, sizeof folder, "%s", below);
    armed_at = at; armed_error = error; calls = 0; fired = 0;
}
long fault_calls(void) { return calls; }
int fault_fired(void) { return fired; }

static int fails(void) {
    int now = __sync_add_and_fetch(&calls, 1) == armed_at;
    if (!now) return 0;
    fired = 1;
    if (armed_error == 0) kill(getpid(), SIGKILL);
    errno = (int)armed_error;
    return 1;
}
static int path_of(int fd, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return 1;
}
static int ours(int fd) {
    char path[PATH_MAX];
    return folder[0] && path_of(fd, path) && !strncmp(path, folder, strlen(folder)) && !strstr(path, "keeper.log");
}
static int ours_named(const char *path) { return folder[0] && !strncmp(path, folder, strlen(folder)); }

/* One record: kind, which file (0 database, 1 log of the database), offset, length, bytes. */
void record_to(const char *path) { log_fd = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600); }
static void keep(char kind, int which, int64_t at, const void *bytes, int64_t size) {
    struct __attribute__((packed)) { char kind, which; int64_t at, size; } head = {kind, (char)which, at, size};
    real_write(log_fd, &head, sizeof head);
    if (bytes && size) real_write(log_fd, bytes, (size_t)size);
}
static int which_file(int fd) {
    char path[PATH_MAX];
    if (log_fd < 0 || fd == log_fd || !path_of(fd, path)) return -1;
    size_t size = strlen(path);
    if (size > 12 && !strcmp(path + size - 12, ".sqlite3-wal")) return 1;
    if (size > 8 && !strcmp(path + size - 8, ".sqlite3")) return 0;
    return -1;
}
void record_mark(long number) {
    pthread_mutex_lock(&order);
    keep('a', 0, number, 0, 0);
    pthread_mutex_unlock(&order);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) {
    if (ours(fd) && fails()) return -1;
    int which = which_file(fd);
    if (which < 0) return real_pwrite(fd, bytes, size, at);
    pthread_mutex_lock(&order);
    ssize_t done = real_pwrite(fd, bytes, size, at);
    if (done > 0) keep('w', which, at, bytes, done);
    pthread_mutex_unlock(&order);
    return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return pwrite64(fd, bytes, size, at); }
ssize_t write(int fd, const void *bytes, size_t size) {
    if (ours(fd) && fails()) return -1;
    int which = which_file(fd);
    if (which < 0) return real_write(fd, bytes, size);
    pthread_mutex_lock(&order);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real_write(fd, bytes, size);
    if (done > 0) keep('w', which, at, bytes, done);
    pthread_mutex_unlock(&order);
    return done;
}
static int synced(int fd, int (*call)(int)) {
    if (ours(fd) && fails()) return -1;
    int which = which_file(fd);
    if (which < 0) return call(fd);
    pthread_mutex_lock(&order);
    int done = call(fd);
    if (!done) keep('s', which, 0, 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}
int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }
int ftruncate64(int fd, off_t size) {
    if (ours(fd) && fails()) return -1;
    int which = which_file(fd);
    if (which < 0) return real_ftruncate(fd, size);
    pthread_mutex_lock(&order);
    int done = real_ftruncate(fd, size);
    if (!done) keep('t', which, size, 0, 0);
    pthread_mutex_unlock(&order);
    return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int rename(const char *from, const char *to) {
    if (ours_named(to) && fails()) return -1;
    return real_rename(from, to);
}
int link(const char *from, const char *to) {
    if (ours_named(to) && fails()) return -1;
    return real_link(from, to);
}
int unlink(const char *path) {
    if (ours_named(path) && fails()) return -1;
    return real_unlink(path);
}
