/*
 * The uppercase server of lab 6 in C with epoll: what the kernel alone allows, for the bench to compare with.
 * Arguments: the port.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 64

static char buffer[16384];

static int listen_at(int port) {
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0 || listen(fd, 511) < 0) {
    perror("listen");
    exit(1);
  }
  return fd;
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* Answers are short here: a write that does not take all of one ends its connection. */
static int answer(int fd) {
  ssize_t length = read(fd, buffer, sizeof buffer);
  if (length <= 0) return -1;
  for (ssize_t i = 0; i < length; i++)
    if (buffer[i] >= 'a' && buffer[i] <= 'z') buffer[i] -= 'a' - 'A';
  return write(fd, buffer, length) == length ? 0 : -1;
}

int main(int argc, char **argv) {
  int listener = listen_at(argc > 1 ? atoi(argv[1]) : 0);
  int epoll = epoll_create1(0);
  struct epoll_event ready[MOST];
  watch(epoll, listener);
  for (;;) {
    int count = epoll_wait(epoll, ready, MOST, -1);
    for (int i = 0; i < count; i++) {
      int fd = ready[i].data.fd;
      if (fd == listener) watch(epoll, accept4(listener, NULL, NULL, SOCK_NONBLOCK));
      else if (answer(fd) < 0) close(fd);
    }
  }
}
