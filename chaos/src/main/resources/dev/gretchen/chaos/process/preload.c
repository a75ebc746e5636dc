/*
 * Answers a process in the kernel's place, as far as a test wants it to: for the wall clock, and for
 * what is written below one folder, which fails, takes longer, or is refused as on a disk that may
 * only be read. What it is to do stands in a small file that both sides map, so that it changes while
 * the process runs. The monotonic clock is left alone, and so are waits until an absolute time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL

struct control {
  volatile int64_t ahead;   /* by how many nanoseconds the wall clock is ahead */
  volatile int64_t failing; /* the errno with which changes below the folder fail, 0 for none */
  int64_t shifted;          /* how often a wrong time was told */
  int64_t failed;           /* how many changes have failed */
  volatile int64_t delay;   /* how many nanoseconds longer each write below the folder takes */
  int64_t delayed;          /* how many writes have taken longer */
};

static struct control *control;
static char folder[PATH_MAX];
static size_t folder_length;

static int (*next_clock_gettime)(clockid_t, struct timespec *);
static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_writev)(int, const struct iovec *, int);
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*next_pwrite64)(int, const void *, size_t, off64_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);
static int (*next_open)(const char *, int, ...);
static int (*next_open64)(const char *, int, ...);
static int (*next_rename)(const char *, const char *);
static int (*next_unlink)(const char *);
static int (*next_mkdir)(const char *, mode_t);

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  next_clock_gettime = next("clock_gettime");
  next_write = next("write");
  next_writev = next("writev");
  next_pwrite = next("pwrite");
  next_pwrite64 = next("pwrite64");
  next_fsync = next("fsync");
  next_fdatasync = next("fdatasync");
  next_open = next("open");
  next_open64 = next("open64");
  next_rename = next("rename");
  next_unlink = next("unlink");
  next_mkdir = next("mkdir");
  const char *file = getenv("GRETCHEN_PRELOAD_CONTROL");
  const char *below = getenv("GRETCHEN_PRELOAD_FOLDER");
  if (file == NULL) {
    return;
  }
  if (below != NULL && below[0] == '/' && strlen(below) + 2 < sizeof folder) {
    strcpy(folder, below);
    strcat(folder, "/");
    folder_length = strlen(folder);
  }
  int fd = open(file, O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    return;
  }
  void *map = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (map != MAP_FAILED) {
    control = map;
  }
}

static int64_t ahead(void) {
  if (control == NULL || control->ahead == 0) {
    return 0;
  }
  __atomic_fetch_add(&control->shifted, 1, __ATOMIC_RELAXED);
  return control->ahead;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = next_clock_gettime != NULL ? next_clock_gettime(clock, now)
                                          : (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t shift = ahead();
    if (shift != 0) {
      int64_t nanos = now->tv_nsec + shift % NANOS;
      now->tv_sec += shift / NANOS;
      if (nanos < 0) {
        nanos += NANOS;
        now->tv_sec--;
      } else if (nanos >= NANOS) {
        nanos -= NANOS;
        now->tv_sec++;
      }
      now->tv_nsec = nanos;
    }
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec precise;
  if (clock_gettime(CLOCK_REALTIME, &precise) != 0) {
    return -1;
  }
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *seconds) {
  struct timespec precise;
  if (clock_gettime(CLOCK_REALTIME, &precise) != 0) {
    return (time_t)-1;
  }
  if (seconds != NULL) {
    *seconds = precise.tv_sec;
  }
  return precise.tv_sec;
}

/* Whether an open file lies below the folder. */
static int is_ours(int fd) {
  int before = errno;
  char link[32];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  errno = before;
  return length >= (ssize_t)folder_length && strncmp(path, folder, folder_length) == 0;
}

/* Whether the name lies below the folder, or is it, whatever links lead there. */
static int is_our_name(const char *name) {
  int before = errno;
  char parent[PATH_MAX];
  char real[PATH_MAX];
  size_t length = strlen(name);
  if (length == 0 || length + 1 > sizeof parent) {
    return 0;
  }
  strcpy(parent, name);
  char *slash = strrchr(parent, '/');
  if (slash == NULL) {
    strcpy(parent, ".");
  } else {
    slash[slash == parent ? 1 : 0] = '\0';
  }
  char *found = realpath(parent, real);
  errno = before;
  if (found == NULL || strlen(real) + 2 > sizeof real) {
    return 0;
  }
  strcat(real, "/");
  return strncmp(real, folder, folder_length) == 0;
}

static int refused(int64_t failing) {
  __atomic_fetch_add(&control->failed, 1, __ATOMIC_RELAXED);
  errno = (int)failing;
  return 1;
}

/* Whether a write to this file has to fail; errno is set then. It may take longer. */
static int fails(int fd) {
  if (control == NULL || folder_length == 0) {
    return 0;
  }
  int64_t failing = control->failing;
  int64_t delay = control->delay;
  if ((failing == 0 && delay <= 0) || !is_ours(fd)) {
    return 0;
  }
  if (failing != 0) {
    return refused(failing);
  }
  int before = errno;
  struct timespec pause = {delay / NANOS, delay % NANOS};
  __atomic_fetch_add(&control->delayed, 1, __ATOMIC_RELAXED);
  nanosleep(&pause, NULL);
  errno = before;
  return 0;
}

/* Whether names below the folder must stay as they are: where the disk may only be read. */
static int is_kept(const char *name) {
  return control != NULL && folder_length > 0 && control->failing == EROFS && is_our_name(name) &&
         refused(EROFS);
}

static int opened(int (*following)(const char *, int, ...), const char *name, int flags, mode_t mode) {
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0 && is_kept(name)) {
    return -1;
  }
  return following != NULL ? following(name, flags, mode)
                           : (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
}

static mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? (mode_t)va_arg(more, unsigned int) : 0;
}

int open(const char *name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_of(flags, more);
  va_end(more);
  return opened(next_open, name, flags, mode);
}

int open64(const char *name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_of(flags, more);
  va_end(more);
  return opened(next_open64, name, flags | O_LARGEFILE, mode);
}

int rename(const char *from, const char *to) {
  return is_kept(from) || is_kept(to) ? -1 : next_rename(from, to);
}

int unlink(const char *name) { return is_kept(name) ? -1 : next_unlink(name); }

int mkdir(const char *name, mode_t mode) { return is_kept(name) ? -1 : next_mkdir(name, mode); }

ssize_t write(int fd, const void *bytes, size_t count) {
  if (fails(fd)) {
    return -1;
  }
  return next_write != NULL ? next_write(fd, bytes, count) : syscall(SYS_write, fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  if (fails(fd)) {
    return -1;
  }
  return next_writev != NULL ? next_writev(fd, pieces, count) : syscall(SYS_writev, fd, pieces, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return fails(fd) ? -1 : next_pwrite(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  return fails(fd) ? -1 : next_pwrite64(fd, bytes, count, at);
}

int fsync(int fd) { return fails(fd) ? -1 : next_fsync(fd); }

int fdatasync(int fd) { return fails(fd) ? -1 : next_fdatasync(fd); }
