// A ring of received frames shared with the kernel (AF_PACKET, TPACKET_V3), read as pcap records with nanoseconds.
// Plain N-API, so that one build serves every Node. packet(7), Documentation/networking/packet_mmap.rst of Linux.
#define NAPI_VERSION 8
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <node_api.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_HEAD 16
#define VLAN_TAG 4
#define MAC_ADDRESSES 12
// libpcap's numbers of link types (LINKTYPE_...).
#define LINK_ETHERNET 1
#define LINK_RAW 101
#define LINK_RADIOTAP 127
// Newer than some C libraries (linux/if_arp.h).
#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif

struct ring {
  int fd;
  uint8_t *map;
  size_t block_bytes;
  uint32_t blocks;
  uint32_t block;
  // Where reading goes on in the current block, and how many frames of it are left; 0 between blocks.
  struct tpacket3_hdr *next;
  uint32_t left;
  int skip_outgoing;
};

static napi_value fail(napi_env env, const char *code, const char *message) {
  napi_throw_error(env, code, message);
  return NULL;
}

static napi_value fail_errno(napi_env env, const char *what) {
  char message[200];
  int error = errno;
  snprintf(message, sizeof message, "%s: %s", what, strerror(error));
  const char *code = error == EPERM || error == EACCES ? "EPERM" : error == ENODEV ? "ENODEV" : "EIO";
  return fail(env, code, message);
}

static void let_go(struct ring *ring) {
  if (ring->map != NULL) munmap(ring->map, ring->block_bytes * ring->blocks);
  if (ring->fd >= 0) close(ring->fd);
  ring->map = NULL;
  ring->fd = -1;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  let_go(data);
  free(data);
}

static int link_type_of(int hardware) {
  switch (hardware) {
  case ARPHRD_ETHER:
  case ARPHRD_LOOPBACK:
    return LINK_ETHERNET;
  case ARPHRD_NONE:
  case ARPHRD_PPP:
  case ARPHRD_TUNNEL:
  case ARPHRD_RAWIP:
    return LINK_RAW;
  case ARPHRD_IEEE80211_RADIOTAP:
    return LINK_RADIOTAP;
  default:
    return -1;
  }
}

// The name of what failed, with errno set; NULL when the socket is bound and its ring mapped.
static const char *set_up(struct ring *ring, const char *name, uint32_t retire_ms) {
  int index = (int)if_nametoindex(name);
  if (index == 0) return "no such interface";
  int version = TPACKET_V3;
  if (setsockopt(ring->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0) return "TPACKET_V3";
  struct tpacket_req3 request = {
      .tp_block_size = (unsigned)ring->block_bytes,
      .tp_block_nr = ring->blocks,
      .tp_frame_size = 2048,
      .tp_frame_nr = (unsigned)(ring->block_bytes / 2048) * ring->blocks,
      .tp_retire_blk_tov = retire_ms,
  };
  if (setsockopt(ring->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0) return "ring of the kernel";
  ring->map = mmap(NULL, ring->block_bytes * ring->blocks, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
  if (ring->map == MAP_FAILED) {
    ring->map = NULL;
    return "mapping of the ring";
  }
  // Bound last: a socket with a protocol and no interface would fill with the frames of all of them.
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = index};
  if (bind(ring->fd, (struct sockaddr *)&address, sizeof address) != 0) return "binding to the interface";
  struct packet_mreq promiscuous = {.mr_ifindex = index, .mr_type = PACKET_MR_PROMISC};
  if (setsockopt(ring->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) != 0)
    return "promiscuous mode";
  return NULL;
}

// open(interface, blockBytes, blocks, retireMs) -> { ring, linkType }
static napi_value open_ring(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  char name[IFNAMSIZ + 1];
  size_t length;
  uint32_t block_bytes, blocks, retire_ms;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 4 ||
      napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &block_bytes) != napi_ok ||
      napi_get_value_uint32(env, arguments[2], &blocks) != napi_ok ||
      napi_get_value_uint32(env, arguments[3], &retire_ms) != napi_ok)
    return fail(env, "EINVAL", "open(interface, blockBytes, blocks, retireMs)");
  if (length >= IFNAMSIZ) return fail(env, "ENODEV", "no such interface: the name is too long");

  struct ring *ring = calloc(1, sizeof *ring);
  if (ring == NULL) return fail(env, "ENOMEM", "no memory");
  ring->block_bytes = block_bytes;
  ring->blocks = blocks;
  // Protocol 0 receives nothing until the socket is bound.
  ring->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (ring->fd < 0) {
    free(ring);
    return fail_errno(env, "leave to capture");
  }
  struct ifreq request = {0};
  memcpy(request.ifr_name, name, length);
  int has_hardware = ioctl(ring->fd, SIOCGIFHWADDR, &request) == 0;
  int link_type = has_hardware ? link_type_of(request.ifr_hwaddr.sa_family) : LINK_ETHERNET;
  ring->skip_outgoing = has_hardware && request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK;
  const char *failed = link_type < 0 ? NULL : set_up(ring, name, retire_ms);
  if (link_type < 0 || failed != NULL) {
    napi_value nothing = link_type < 0 ? fail(env, "ENOTSUP", "the ring does not read this kind of link")
                                       : fail_errno(env, failed);
    let_go(ring);
    free(ring);
    return nothing;
  }
  napi_value result, handle, link;
  napi_create_object(env, &result);
  if (napi_create_external(env, ring, finalize, NULL, &handle) != napi_ok) return NULL;
  napi_create_int32(env, link_type, &link);
  napi_set_named_property(env, result, "ring", handle);
  napi_set_named_property(env, result, "linkType", link);
  return result;
}

static struct ring *ring_of(napi_env env, napi_value handle) {
  void *data = NULL;
  if (napi_get_value_external(env, handle, &data) != napi_ok) return NULL;
  struct ring *ring = data;
  return ring->fd < 0 ? NULL : ring;
}

static struct tpacket_block_desc *block_at(const struct ring *ring) {
  return (struct tpacket_block_desc *)(ring->map + (size_t)ring->block * ring->block_bytes);
}

static int is_ours(const struct tpacket_block_desc *block) {
  return (__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

// Bytes that the frame takes as a record.
static size_t record_bytes(const struct tpacket3_hdr *frame) {
  return RECORD_HEAD + VLAN_TAG + (size_t)frame->tp_snaplen;
}

// Writes one pcap record. The kernel takes the outer VLAN tag off the frame: it is put back where it was.
static size_t write_record(uint8_t *out, const struct tpacket3_hdr *frame) {
  const uint8_t *bytes = (const uint8_t *)frame + frame->tp_mac;
  int is_tagged = (frame->tp_status & TP_STATUS_VLAN_VALID) != 0 && frame->tp_snaplen >= MAC_ADDRESSES;
  uint32_t added = is_tagged ? VLAN_TAG : 0;
  uint32_t head[4] = {frame->tp_sec, frame->tp_nsec, frame->tp_snaplen + added, frame->tp_len + added};
  memcpy(out, head, RECORD_HEAD);
  out += RECORD_HEAD;
  if (!is_tagged) {
    memcpy(out, bytes, frame->tp_snaplen);
    return RECORD_HEAD + frame->tp_snaplen;
  }
  uint16_t tpid = (frame->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0 ? frame->hv1.tp_vlan_tpid : ETH_P_8021Q;
  uint16_t tag[2] = {htons(tpid), htons((uint16_t)frame->hv1.tp_vlan_tci)};
  memcpy(out, bytes, MAC_ADDRESSES);
  memcpy(out + MAC_ADDRESSES, tag, VLAN_TAG);
  memcpy(out + MAC_ADDRESSES + VLAN_TAG, bytes + MAC_ADDRESSES, frame->tp_snaplen - MAC_ADDRESSES);
  return RECORD_HEAD + VLAN_TAG + frame->tp_snaplen;
}

// Copies what is ready until `room` is full; gives whole blocks back to the kernel as they are done.
static size_t drain(struct ring *ring, uint8_t *out, size_t room) {
  size_t used = 0;
  for (;;) {
    struct tpacket_block_desc *block = block_at(ring);
    if (ring->left == 0) {
      if (!is_ours(block)) return used;
      ring->left = block->hdr.bh1.num_pkts;
      ring->next = (struct tpacket3_hdr *)((uint8_t *)block + block->hdr.bh1.offset_to_first_pkt);
    }
    for (; ring->left > 0; ring->left--) {
      const struct sockaddr_ll *address =
          (const struct sockaddr_ll *)((const uint8_t *)ring->next + TPACKET_ALIGN(sizeof(struct tpacket3_hdr)));
      if (!(ring->skip_outgoing && address->sll_pkttype == PACKET_OUTGOING)) {
        if (record_bytes(ring->next) > room - used) return used;
        used += write_record(out + used, ring->next);
      }
      ring->next = (struct tpacket3_hdr *)((uint8_t *)ring->next + ring->next->tp_next_offset);
    }
    __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    ring->block = (ring->block + 1) % ring->blocks;
  }
}

// read(ring, buffer, timeoutMs) -> bytes of pcap records; waits at most timeoutMs for the first. The buffer must hold a block.
static napi_value read_ring(napi_env env, napi_callback_info info) {
  size_t count = 3, room;
  napi_value arguments[3];
  uint8_t *out;
  int32_t timeout;
  struct ring *ring;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 3 ||
      (ring = ring_of(env, arguments[0])) == NULL ||
      napi_get_buffer_info(env, arguments[1], (void **)&out, &room) != napi_ok ||
      napi_get_value_int32(env, arguments[2], &timeout) != napi_ok || room < 2 * ring->block_bytes)
    return fail(env, "EINVAL", "read(ring, buffer of two blocks or more, timeoutMs)");
  if (ring->left == 0 && !is_ours(block_at(ring))) {
    struct pollfd waiting = {.fd = ring->fd, .events = POLLIN | POLLERR};
    if (poll(&waiting, 1, timeout) < 0 && errno != EINTR) return fail_errno(env, "waiting for frames");
    if ((waiting.revents & (POLLERR | POLLNVAL)) != 0) {
      int error = 0;
      socklen_t length = sizeof error;
      getsockopt(ring->fd, SOL_SOCKET, SO_ERROR, &error, &length);
      errno = error != 0 ? error : ENETDOWN;
      return fail_errno(env, "the interface");
    }
  }
  napi_value used;
  napi_create_uint32(env, (uint32_t)drain(ring, out, room), &used);
  return used;
}

// takeDrops(ring) -> frames that found the ring full since it was asked last.
static napi_value take_drops(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arguments[1], drops;
  struct ring *ring;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 1 ||
      (ring = ring_of(env, arguments[0])) == NULL)
    return fail(env, "EINVAL", "takeDrops(ring)");
  struct tpacket_stats_v3 statistics = {0};
  socklen_t length = sizeof statistics;
  if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) != 0)
    return fail_errno(env, "counts of the ring");
  napi_create_uint32(env, statistics.tp_drops, &drops);
  return drops;
}

// stop(ring): nothing more is received; what lies in the ring can still be read.
static napi_value stop_ring(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arguments[1];
  struct ring *ring;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 1 ||
      (ring = ring_of(env, arguments[0])) == NULL)
    return fail(env, "EINVAL", "stop(ring)");
  // A filter that takes nothing: the binding, and so the blocks that are full or timing out, stays.
  struct { uint16_t code; uint8_t jt, jf; uint32_t k; } nothing = {0x06, 0, 0, 0};
  struct { uint16_t length; void *filter; } program = {1, &nothing};
  if (setsockopt(ring->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    return fail_errno(env, "end of the capture");
  return NULL;
}

// giveUpPrivileges(): nothing this process starts can gain any (no_new_privs), also after its user was changed.
static napi_value give_up_privileges(napi_env env, napi_callback_info info) {
  (void)info;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno(env, "no_new_privs");
  return NULL;
}

NAPI_MODULE_INIT() {
  const struct { const char *name; napi_callback function; } functions[] = {
      {"open", open_ring}, {"read", read_ring}, {"takeDrops", take_drops}, {"stop", stop_ring},
      {"giveUpPrivileges", give_up_privileges},
  };
  for (size_t at = 0; at < sizeof functions / sizeof functions[0]; at++) {
    napi_value function;
    if (napi_create_function(env, functions[at].name, NAPI_AUTO_LENGTH, functions[at].function, NULL, &function) != napi_ok ||
        napi_set_named_property(env, exports, functions[at].name, function) != napi_ok)
      return NULL;
  }
  return exports;
}
