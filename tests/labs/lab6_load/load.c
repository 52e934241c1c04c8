/*
 * Load for a server at 127.0.0.1: connections with one message each under way, the next as soon as its answer is there.
 * Arguments: the port, connections, bytes of a message, seconds. Prints answers a second and the share of a processor
 * that it took itself.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 256

static double seconds_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int port = atoi(argv[1]), connections = atoi(argv[2]), size = atoi(argv[3]), on = 1;
  double length = atof(argv[4]);
  char *message = malloc(size), *answer = malloc(size);
  int *missing = calloc(connections + 1024, sizeof *missing);
  struct sockaddr_in server = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int epoll = epoll_create1(0);
  memset(message, 'a', size);
  for (int i = 0; i < connections; i++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    missing[fd] = size;
    if (write(fd, message, size) != size) fail("write");
  }

  /* The first half second is not counted: the server may still be getting warm. */
  double begin = seconds_of(CLOCK_MONOTONIC) + 0.5, used = 0;
  long answers = -1;
  for (;;) {
    double now = seconds_of(CLOCK_MONOTONIC);
    if (answers < 0 && now >= begin) {
      answers = 0, begin = now;
      used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    }
    if (answers >= 0 && now >= begin + length) {
      used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used;
      printf("%.0f %.3f\n", answers / (now - begin), used / (now - begin));
      return 0;
    }
    struct epoll_event ready[MOST];
    int count = epoll_wait(epoll, ready, MOST, 100);
    for (int i = 0; i < count; i++) {
      int fd = ready[i].data.fd;
      ssize_t got = read(fd, answer, missing[fd]);
      if (got <= 0) fail("read");
      for (ssize_t at = 0; at < got; at++)
        if (answer[at] != 'A') fail("another answer came");
      if ((missing[fd] -= got) > 0) continue;
      missing[fd] = size;
      if (answers >= 0) answers++;
      if (write(fd, message, size) != size) fail("write");
    }
  }
}
