/* Fails one call on a file, for tests: preloaded into the program.

   FAIL_BELOW   calls on files below this folder count
   FAIL_CALLS   which: "write" (write, pwrite, ftruncate, fsync, fdatasync, rename, close) or "read" (open, read, pread)
   FAIL_AT      the number of the call that fails, from 1; 0 fails none
   FAIL_WITH    errno of that failure
   FAIL_COUNT   a file that gets a byte for each call, so that they can be counted */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

/* Whether this call is the one to fail. */
static int fails(const char *kind) {
  static long calls;
  if (strcmp(kind, setting("FAIL_CALLS")) != 0) return 0;
  int count = syscall(SYS_open, setting("FAIL_COUNT"), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (count >= 0) {
    syscall(SYS_write, count, ".", 1L);
    syscall(SYS_close, count);
  }
  if (__atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) != atol(setting("FAIL_AT"))) return 0;
  errno = atoi(setting("FAIL_WITH"));
  return 1;
}

static int is_below(const char *path) {
  const char *folder = setting("FAIL_BELOW");
  size_t length = strlen(folder);
  return length > 0 && strncmp(path, folder, length) == 0 && path[length] == '/';
}

static int is_open_below(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = syscall(SYS_readlink, link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_below(path);
}

#define REAL(name, type, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define ON_FILE(kind, type, name, parameters, arguments, ...) \
  type name parameters { \
    REAL(#name, type, __VA_ARGS__); \
    if (is_open_below(file) && fails(kind)) return -1; \
    return real arguments; \
  }

ON_FILE("write", ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size), int, const void *, size_t)
ON_FILE("write", ssize_t, writev, (int file, const struct iovec *parts, int count), (file, parts, count), int, const struct iovec *, int)
ON_FILE("write", ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at), int, const void *, size_t, off_t)
ON_FILE("write", ssize_t, pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at), int, const void *, size_t, off64_t)
ON_FILE("write", int, ftruncate, (int file, off_t size), (file, size), int, off_t)
ON_FILE("write", int, ftruncate64, (int file, off64_t size), (file, size), int, off64_t)
ON_FILE("write", int, fsync, (int file), (file), int)
ON_FILE("write", int, fdatasync, (int file), (file), int)
ON_FILE("read", ssize_t, read, (int file, void *bytes, size_t size), (file, bytes, size), int, void *, size_t)
ON_FILE("read", ssize_t, pread, (int file, void *bytes, size_t size, off_t at), (file, bytes, size, at), int, void *, size_t, off_t)
ON_FILE("read", ssize_t, pread64, (int file, void *bytes, size_t size, off64_t at), (file, bytes, size, at), int, void *, size_t, off64_t)

/* Linux gives the number back even where closing fails. */
int close(int file) {
  REAL("close", int, int);
  int failing = is_open_below(file) && fails("write");
  int error = errno;
  int closed = real(file);
  if (!failing) return closed;
  errno = error;
  return -1;
}

int rename(const char *from, const char *to) {
  REAL("rename", int, const char *, const char *);
  if (is_below(to) && fails("write")) return -1;
  return real(from, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  REAL("renameat2", int, int, const char *, int, const char *, unsigned);
  if (is_below(to) && fails("write")) return -1;
  return real(from_folder, from, to_folder, to, flags);
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(#name, int, const char *, int, ...); \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
      va_list more; \
      va_start(more, flags); \
      mode = va_arg(more, mode_t); \
      va_end(more); \
    } \
    if (is_below(path) && fails("read")) return -1; \
    return real(path, flags, mode); \
  }

OPEN(open)
OPEN(open64)
