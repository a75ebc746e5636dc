/*
 * Answers a process in the kernel's place, as far as a test wants it to: for the wall clock, and for
 * what is written below one folder. What it is to do stands in a small file that both sides map, so
 * that it changes while the process runs. The monotonic clock is left alone, and so are waits until
 * an absolute time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL

struct control {
  volatile int64_t ahead;   /* by how many nanoseconds the wall clock is ahead */
  volatile int64_t failing; /* whether writes below the folder fail */
  int64_t shifted;          /* how often a wrong time was told */
  int64_t failed;           /* how many writes have failed */
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

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  next_clock_gettime = next("clock_gettime");
  next_write = next("write");
  next_writev = next("writev");
  next_pwrite = next("pwrite");
  next_pwrite64 = next("pwrite64");
  next_fsync = next("fsync");
  next_fdatasync = next("fdatasync");
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

/* Whether a write to this file has to fail; errno is set then. */
static int fails(int fd) {
  if (control == NULL || !control->failing || folder_length == 0) {
    return 0;
  }
  int before = errno;
  char link[32];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  if (length < (ssize_t)folder_length || strncmp(path, folder, folder_length) != 0) {
    errno = before;
    return 0;
  }
  __atomic_fetch_add(&control->failed, 1, __ATOMIC_RELAXED);
  errno = EIO;
  return 1;
}

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
