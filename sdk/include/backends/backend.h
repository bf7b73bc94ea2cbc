/* backends/backend.h: the native door of Backends, contract 1.0. C11, usable from C++20.
 *
 * A plugin is a shared library that exports one function, `bk_get_backend`. It returns a table of functions and
 * facts, the backend; the backend offers devices, a device lists kernels, a kernel computes one operator for one
 * combination of dtypes. What is not in this file is no contract. Marks such as KER-13 name the contract's clauses;
 * the conformance suite quotes them when it finds one broken.
 *
 * How to fill a table    Name the fields and begin with BK_SIZED(type): { BK_SIZED(bk_kernel), .op = "relu", ... }.
 *                        In C++20 keep the order of the fields. A field marked BK_OPTIONAL may be left out: it is 0
 *                        then, and its comment says what 0 means. Every other field is required (ABI-5).
 * How tables live        The host copies each once: the backend at entry, a device when it is offered, kernels when
 *                        their device is opened, a queue when it is made. They and all they point to stay unchanged
 *                        until `end` has returned, a queue's until its `destroy` has, or for ever: make them static
 *                        const. Strings are NUL-terminated UTF-8, at most 64 KiB.
 * How to fail            Return a bk_status, and before it say why: return bk_fail(host, BK_DEVICE_ERROR, "channel %d
 *                        timed out", 3); the text is the reason in the app's error. No exception and no longjmp leaves
 *                        a function called by the host (ABI-9), and nothing ends the process or prints (OBJ-14). What
 *                        goes wrong later, on the device, is the queue's failure: see bk_queue.
 * How it grows           A table begins with its size in bytes. Readers take a field that does not end within that size
 *                        as 0, and 0 always means the old behaviour; fields are only ever added at the end (ABI-3, -6).
 * Platforms              64-bit, little-endian (ABI-10). All functions have the platform's C calling convention.
 */
#ifndef BACKENDS_BACKEND_H
#define BACKENDS_BACKEND_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- Words -------------------------------------------------------------------------------------------------- */

/* The contract that this header describes: major in the upper half, minor in the lower (ABI-1). */
#define BK_CONTRACT ((uint32_t)1 << 16 | 0)

/* First in every table: its size. */
#define BK_SIZED(type) .struct_size = (uint32_t)sizeof(type)

/* The number of entries of an array. */
#define BK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Marks a field that may be left out. */
#ifdef __cplusplus
#define BK_OPTIONAL = {}
#else
#define BK_OPTIONAL
#endif

/* The calling convention of every function that crosses the door, and what makes the one entry visible. */
#ifdef _WIN32
#define BK_CALL __cdecl
#define BK_VISIBLE __declspec(dllexport)
#else
#define BK_CALL
#define BK_VISIBLE __attribute__((visibility("default")))
#endif
#ifdef __cplusplus
#define BK_EXPORT extern "C" BK_VISIBLE
#else
#define BK_EXPORT BK_VISIBLE
#endif

#if defined(__GNUC__)
#define BK_FORMAT(text, rest) __attribute__((format(printf, text, rest)))
#else
#define BK_FORMAT(text, rest)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* How a call ended (KER-23). Values are only added; the host takes an unknown one as BK_INTERNAL. */
typedef int32_t bk_status;
enum {
    BK_OK               = 0,   /* done; on an asynchronous queue: enqueued */
    BK_DECLINED         = 1,   /* the kernel does not take this call; nothing was written or enqueued, the host takes another way */
    BK_INVALID_ARGUMENT = 2,   /* an argument is outside what the operator takes */
    BK_OUT_OF_MEMORY    = 3,   /* memory is short; nothing was written or enqueued, the call may be repeated (KER-24) */
    BK_BUILD_FAILED     = 4,   /* the kernel could not be built; permanent */
    BK_DATA_ERROR       = 5,   /* a value of the data is outside the operator's domain, for example an index */
    BK_DEVICE_ERROR     = 6,   /* the device failed at this call */
    BK_DEVICE_LOST      = 7,   /* the device is gone, whatever is asked of it (QUE-22) */
    BK_TIMEOUT          = 8,   /* it took too long */
    BK_UNSUPPORTED      = 9,   /* not supported */
    BK_INTERNAL         = 10   /* any other failure */
};

/* The type of a tensor's elements; an int32_t in every field. Values are only added. */
enum {
    BK_BOOL   = 1,    /* one byte, 0 or 1: written so, and found so (KER-18) */
    BK_U8     = 2,
    BK_I8     = 3,
    BK_U16    = 4,
    BK_I16    = 5,
    BK_U32    = 6,
    BK_I32    = 7,
    BK_U64    = 8,
    BK_I64    = 9,
    BK_F16    = 10,   /* IEEE binary16 */
    BK_BF16   = 11,   /* the upper half of an f32 */
    BK_F32    = 12,   /* IEEE binary32 */
    BK_F64    = 13,   /* IEEE binary64 */
    BK_F8E4M3 = 14,   /* e4m3fn: no infinities, largest 448; stored and cast only */
    BK_F8E5M2 = 15    /* e5m2: largest 57344; stored and cast only */
};

/* A dtype's bit in the sets of bk_device. */
#define BK_DTYPE_BIT(dtype) ((uint64_t)1 << (dtype))

/* Why a device is not offered (DIS-4). Values are only added; an unknown one is shown by its number. */
enum {
    BK_DISABLED          = 1,    /* switched off by configuration */
    BK_NO_DRIVER         = 32,   /* no driver */
    BK_DRIVER_TOO_OLD    = 33,   /* the driver is too old */
    BK_NO_DEVICE         = 34,   /* no device */
    BK_NOT_SUPPORTED     = 35,   /* the device lacks something that the backend needs */
    BK_PERMISSION_DENIED = 36,   /* no permission */
    BK_IN_USE            = 37,   /* another process holds it */
    BK_CLAIMED           = 38,   /* another backend has opened the same hardware */
    BK_REQUIREMENT_UNMET = 39,   /* a requirement of the configuration is not met */
    BK_LOST              = 40,   /* the device is lost */
    BK_FAILED            = 41    /* it failed */
};

/* A number that is no tensor, in an attribute struct. */
typedef struct bk_scalar {
    int32_t  dtype;      /* BK_BOOL, BK_I64, BK_U64 or BK_F64: how it was written */
    int32_t  reserved;   /* 0 */
    uint64_t bits;       /* its 64 bits in that dtype; a bool is 0 or 1 */
} bk_scalar;

/* ---- Tensor: DLPack, major 1 ---------------------------------------------------------------------------------
 * The structs of DLPack, so that any library that speaks it can be handed a kernel's arguments. They are taken as
 * major 1 lays them out and are not size-first (ABI-4). If you use dlpack.h itself, include it before this file. */
#ifndef DLPACK_DLPACK_H_
typedef struct DLDevice {
    int32_t device_type;   /* 1 is host memory, 12 a device without a kind of its own: never identifies a device (MEM-19) */
    int32_t device_id;
} DLDevice;

typedef struct DLDataType {
    uint8_t  code;         /* 0 int, 1 unsigned, 2 float, 4 bfloat, 6 bool, 10 f8e4m3fn, 12 f8e5m2 */
    uint8_t  bits;         /* of an element */
    uint16_t lanes;        /* always 1 (KER-10) */
} DLDataType;

typedef struct DLTensor {
    void*      data;          /* the buffer's address as the device gave it; NULL without elements (MEM-1, MEM-3) */
    DLDevice   device;
    int32_t    ndim;          /* 0 to 16; a tensor of 0 dimensions has one element */
    DLDataType dtype;
    int64_t*   shape;         /* sizes; never NULL when ndim is 1 or more */
    int64_t*   strides;       /* in elements; never NULL when ndim is 1 or more (KER-10) */
    uint64_t   byte_offset;   /* from data to the logically first element, also with negative strides (KER-11) */
} DLTensor;
#endif

/* ---- Host: what a plugin may call ----------------------------------------------------------------------------
 * One table for each plugin, for the life of the process, handed to `bk_get_backend`, `open` and, in the frame, to every
 * kernel. Host functions never call into the plugin (OBJ-8). */

/* How much a plugin's words matter. Values are only added; an unknown one counts as the nearest known. */
enum {
    BK_TRACE       = 0,   /* for the vendor alone */
    BK_DEBUG       = 1,   /* for whoever looks for a fault */
    BK_INFORMATION = 2,   /* good to know */
    BK_WARNING     = 3,   /* odd, and it goes on */
    BK_ERROR       = 4,   /* something failed */
    BK_CRITICAL    = 5    /* nothing goes on */
};

typedef struct bk_host {
    uint32_t struct_size;   /* bytes that the host filled */
    uint32_t contract;      /* the host's contract, as BK_CONTRACT */
    /* 1.0. Says why the running call fails; the call then returns that status. Only inside a call of the host, on
     * its thread (OBJ-8). `text` is copied before it returns, cut at 64 KiB; NULL means no text. `vendor_code` is the
     * driver's own number, 0 for none. A second report in one call replaces the first. See bk_fail. */
    void (BK_CALL* fail)(const struct bk_host* host, bk_status status, int32_t vendor_code, const char* text);
    /* 1.0. Says something to the app's log. Any thread, until `end` returns, in kernels too; never blocks: a bounded queue
     * takes it, and counts what it has no room for (OBS-1). `event` is your own number for this kind of event, 0 for none;
     * `text` is copied before it returns. See bk_log. */
    void (BK_CALL* log)(const struct bk_host* host, int32_t level, int32_t event, const char* text);
} bk_host;

/* ---- Frame: one call of a kernel ------------------------------------------------------------------------------
 * The host owns it and all it points to; both live for the call only, and nothing of it is written to (KER-9). The
 * elements of the outputs are, all of them; those of the inputs are not (KER-13). */
typedef struct bk_frame {
    uint32_t struct_size;           /* bytes that the host filled */
    uint32_t flags;                 /* 0 */
    int32_t  operator_version;      /* the version of the operator's declaration that is asked */
    int32_t  precision;             /* 0: strict (RND-4) */
    int32_t  input_count;
    int32_t  output_count;
    DLTensor* const* inputs;        /* an absent optional tensor is a NULL entry (KER-16) */
    DLTensor* const* outputs;       /* in phase 1 of a two-phase operator one i64 tensor, for the extents (KER-28) */
    const int32_t*   list_lengths;  /* the lengths of list parameters, in order; NULL when there is none */
    const void*      attributes;    /* the operator's struct, bk_<op>_attributes; NULL when it has no attributes */
    void*            device;        /* bk_device.context */
    const bk_host*   host;
    void*            queue;         /* bk_queue.context of the queue to enqueue on; NULL on a synchronous device (QUE-10) */
    void*            workspace;     /* scratch memory: its buffer's address; NULL when the record asks for none */
    uint64_t         workspace_offset;   /* where it starts in that buffer, in bytes */
    uint64_t         workspace_bytes;
    void*            state;         /* what the kernel made for itself; NULL when it makes nothing */
    int64_t          elements;      /* of the first output */
    void*            fault;         /* int32_t in host memory, for the device's life: a kernel that reports faults writes
                                       `number` there, atomically, when an index leads outside (KER-25); else NULL */
    const char*      label;         /* a name for this call; NULL when labels are off */
    int32_t          phase;         /* 1 (size) or 2 (fill) in two-phase operators, else 0 (KER-28) */
    int32_t          number;        /* of this call, for `fault`; 0 where that is NULL */
    uint64_t         value;         /* of this call on its queue's timeline; 0 on a synchronous device (QUE-1) */
} bk_frame;

/* ---- Kernel: a device's code for an operator and dtypes --------------------------------------------------------
 * The record says what the code takes, and the host brings every call into that form: what is not claimed never
 * arrives (KER-2, KER-6). A record that breaks a rule is refused with a reason, and an operator that the host does
 * not know is passed over with a note; the rest of the device works (KER-7). */

/* bk_kernel.accepts: one layout class, and abilities, joined by |. */
enum {
    BK_CONTIGUOUS       = 0,      /* layout: row-major without gaps */
    BK_STRIDED          = 3,      /* layout: strides zero and above; zero on inputs only */
    BK_ANY_STRIDED      = 4,      /* layout: any strides, negative ones too */
    BK_IN_PLACE         = 0x10,   /* an output may be one of the declaration's in-place inputs, exactly (KER-12) */
    BK_HOST_SCALARS     = 0x20,   /* a scalar operand may come as a rank-0 tensor in host memory (KER-17) */
    BK_EMPTY            = 0x40,   /* tensors without elements, with NULL data (KER-15) */
    BK_LARGE_INDEX      = 0x80,   /* offsets and sizes of 2^31 and above: all are computed in 64 bits (KER-19) */
    BK_REFERENCE_STREAM = 0x100,  /* gives the reference's own bits for a random operator (RND-3) */
    BK_REPORTS_FAULTS   = 0x200   /* writes bk_frame.number to `fault` when an index leads outside; the result is the
                                     stated one all the same (KER-25) */
};

/* bk_kernel.determinism: how far results repeat (KER-29). */
enum {
    BK_VARYING         = 0,   /* no promise */
    BK_BITWISE         = 1,   /* same frame, same data: same bits, whatever the load, address or thread count */
    BK_BATCH_INVARIANT = 2    /* also independent of the other rows of a batch */
};

typedef struct bk_kernel {
    uint32_t       struct_size;               /* BK_SIZED(bk_kernel), the same in every entry of an array (ABI-4) */
    uint32_t       reserved      BK_OPTIONAL; /* 0 */
    const char*    op;                        /* the operator's name, for example "matmul" */
    int32_t        dtype         BK_OPTIONAL; /* the dtype, where the declaration has one free type variable */
    int32_t        type_count    BK_OPTIONAL; /* entries of types */
    const int32_t* types         BK_OPTIONAL; /* one dtype for each free type variable, in place of dtype; NULL: dtype alone */
    int32_t        accepts       BK_OPTIONAL; /* 0: BK_CONTIGUOUS, not in place, no empties, offsets below 2^31 */
    int32_t        max_rank      BK_OPTIONAL; /* the highest rank taken, 1 to 16; 0: 8 */
    int32_t        min_version   BK_OPTIONAL; /* the oldest version of the declaration computed; 0: 1 */
    int32_t        version       BK_OPTIONAL; /* the newest one (KER-20); 0: min_version */
    int32_t        determinism   BK_OPTIONAL; /* 0: BK_VARYING */
    int32_t        priority      BK_OPTIONAL; /* higher ones are asked first, then the earlier in the list (KER-4); 0: between */
    const char*    name          BK_OPTIONAL; /* unique in the device, shown in every record; NULL: "<backend>.<op>.<dtypes>" */
    /* Required, 1.0. Computes. Any thread, also several at once (KER-22). On a synchronous device the results are there
     * when it returns. On an asynchronous one it returns at once, having enqueued on the frame's queue and on no other;
     * what it needs later of the frame it copies, and it never waits for the device (KER-21). The buffers live until
     * the queue has reached the frame's value. After an error the inputs are unchanged (KER-24). */
    bk_status (BK_CALL* run)(const bk_frame* frame);
    /* Optional, 1.0. Whether the kernel takes this call: 0 is no. Pure and fast, from shapes, strides, dtypes and
     * attributes alone: data is NULL (KER-5). Any thread. NULL: it takes whatever the record allows. */
    int32_t (BK_CALL* predicate)(const bk_frame* frame) BK_OPTIONAL;
} bk_kernel;

/* ---- Queue: work of one device, in order ------------------------------------------------------------------------
 * What is submitted (copies, kernel calls, waits, signals) takes effect in order of submission; work of different queues
 * in any order, but for waits (QUE-2). Each copy and kernel call has a value on the queue's timeline: the host counts
 * them from 1, and says the value in bk_copy and bk_frame (QUE-1). A value can be waited for once it was signalled, so a
 * kernel call alone costs no event (QUE-3).
 *
 * Threads    One thread submits at a time: copy, wait, signal, flush, and the calls of kernels, on different threads in
 *            turn. Any number may call reached, host_wait and failure meanwhile. Submitting returns at once; it blocks
 *            for room only, and only on work that was already submitted to the same device (QUE-8).
 * Failing    A submission that returns an error has enqueued nothing (QUE-12). What goes wrong later fails the queue, at
 *            the first value that did not succeed: smaller ones keep their success, no later work touches memory any
 *            more, and all of that is so, and `failure` says it, before any waiter is released (QUE-13). `fail` is not
 *            for that: it is called on the host's thread, inside its call. From then on the queue takes no work; the
 *            host destroys it and makes a fresh one, which works unless the device is lost (QUE-15).
 * Devices    A synchronous device with memory of its own makes queue 0 for the copies, each of which is done when it
 *            returns; of its table `copy` and `destroy` are called, the others may be left out (QUE-10). */

/* bk_copy.flags, joined by |. */
enum {
    BK_FROM_HOST = 1,   /* the source is host memory */
    BK_TO_HOST   = 2,   /* the target is host memory: written before the value is reached, not touched after (MEM-13) */
    BK_STABLE    = 4    /* a host source that stays unchanged until the value is reached; any other is read before copy returns */
};

/* Bytes to move: from host to device, from device to host, or within the device. It lives for the call. */
typedef struct bk_copy {
    uint32_t    struct_size;     /* bytes that the host filled */
    uint32_t    flags;           /* BK_FROM_HOST, BK_TO_HOST, BK_STABLE; never the first two together */
    const void* source;          /* a buffer's address as the device gave it, or a host address */
    uint64_t    source_offset;   /* where to start in it, in bytes; any number, as length: nothing is aligned (MEM-12) */
    void*       target;
    uint64_t    target_offset;
    uint64_t    length;          /* 1 or more; ranges of one buffer never overlap (MEM-14) */
    uint64_t    value;           /* of this copy on the queue's timeline; 0 on a synchronous device */
} bk_copy;

/* Why a queue takes no more work. The host makes the room and sets struct_size; the plugin fills in the rest, and of a
 * field that does not end within that size nothing. */
typedef struct bk_failure {
    uint32_t    struct_size;   /* bytes that may be written, these four included */
    int32_t     status;        /* a bk_status; BK_DEVICE_LOST only when the whole device is lost (QUE-23) */
    uint64_t    value;         /* the first that failed; smaller ones keep their success */
    int32_t     vendor_code;   /* the driver's own number, 0 for none */
    int32_t     reserved;      /* 0 */
    const char* text;          /* what happened: the reason in the app's error. Lives as long as the queue; NULL: no words */
} bk_failure;

/* How a wait ended (QUE-6): what host_wait returns. */
enum {
    BK_REACHED     = 0,   /* the value is reached; what the device wrote up to there is visible to the host */
    BK_WAIT_FAILED = 1,   /* the queue failed at or before the value */
    BK_TIMED_OUT   = 2    /* neither, in the time given */
};

typedef struct bk_queue {
    uint32_t struct_size;             /* BK_SIZED(bk_queue) */
    uint32_t reserved   BK_OPTIONAL;  /* 0 */
    void*    context    BK_OPTIONAL;  /* the queue's own, passed back in every call and in frames; required but on a
                                         synchronous device, and different for all live queues of the backend */
    /* Required, 1.0. Enqueues a move of bytes. */
    bk_status (BK_CALL* copy)(void* context, const bk_copy* copy);
    /* Required if asynchronous, 1.0. Holds what is submitted later to this queue until `value` is reached on the queue
     * with the context `other`: another of the same backend, or this one. Does not block the caller (QUE-7). The value
     * was signalled before, and `other` lives at the call; it may be destroyed, drained or failed, while the wait is
     * still in the queue. When `other` has failed, it is released, too: the host carries the failure on (QUE-14). */
    bk_status (BK_CALL* wait)(void* context, void* other, uint64_t value) BK_OPTIONAL;
    /* Required if asynchronous, 1.0. Asks for `value`, the last submission's, to be reached when all that was submitted
     * before is done, and all smaller ones with it. Values rise from signal to signal (QUE-3). */
    bk_status (BK_CALL* signal)(void* context, uint64_t value) BK_OPTIONAL;
    /* Optional, 1.0. Sees to it that all that was submitted is worked on without further calls. Cheap; comes as often as
     * the host likes (QUE-5). NULL: it is so anyway. */
    void (BK_CALL* flush)(void* context) BK_OPTIONAL;
    /* Required if asynchronous, 1.0. The highest value reached: never above what is done, never falling; no lock, no
     * wait (QUE-5). 0 at first. Any thread. */
    uint64_t (BK_CALL* reached)(void* context) BK_OPTIONAL;
    /* Required if asynchronous, 1.0. Holds the calling thread until a signalled value is reached, or the queue has
     * failed: BK_REACHED, BK_WAIT_FAILED, BK_TIMED_OUT. `timeout` is in nanoseconds; 0 only looks, -1 waits for ever.
     * Any number of threads (QUE-6). */
    int32_t (BK_CALL* host_wait)(void* context, uint64_t value, int64_t timeout) BK_OPTIONAL;
    /* Required if asynchronous, 1.0. Whether the queue has failed: 0 is no. If it has, fills in why: the first failure,
     * the same for ever (QUE-13). Any thread. */
    int32_t (BK_CALL* failure)(void* context, bk_failure* failure) BK_OPTIONAL;
    /* Required, 1.0. Ends the queue: it is drained, failed or lost, and nobody waits for it any more. Returns in bounded
     * time, never fails (QUE-16). */
    void (BK_CALL* destroy)(void* context);
} bk_queue;

/* ---- Device: one usable unit ------------------------------------------------------------------------------------
 * Offered closed, opened when somebody asks for it, closed before the backend ends (OBJ-3); it may be opened again.
 * `open` and `close` come one at a time, `allocate`, `free` and `create_queue` on any thread, several at once (OBJ-5).
 * What the table says is the same before and after open (DIS-5). */

/* bk_device.memory: whose memory kernels work on. */
enum {
    BK_HOST_MEMORY = 1,   /* the host's: it allocates and copies, the device is synchronous and brings kernels alone */
    BK_OWN_MEMORY  = 2    /* the device's: brings allocate, free and create_queue */
};

/* bk_device.flags, joined by |: how a device behaves. Host memory implies the first four. */
enum {
    BK_SYNCHRONOUS      = 1,   /* every call has taken effect when it returns (QUE-10) */
    BK_LINEAR_ADDRESSES = 2,   /* addresses are pointers: an offset may be added. Else they are tokens (MEM-3) */
    BK_HOST_ACCESSIBLE  = 4,   /* the host may read and write through the address (MEM-5) */
    BK_COHERENT         = 8,   /* and needs nothing else for it */
    BK_RECOVERABLE      = 16   /* when it is lost, closing and opening it may bring it back */
};

/* bk_device.kind: what the hardware is. Values are only added; the host takes an unknown one as BK_OTHER. */
enum {
    BK_OTHER       = 0,   /* none of the others */
    BK_CPU         = 1,   /* a processor that runs the host's own code */
    BK_GPU         = 2,   /* a graphics processor */
    BK_ACCELERATOR = 3    /* made for tensors */
};

/* What a device string asks for: the options of acme:0?seed=2&fault=none. It lives for the call. */
typedef struct bk_options {
    uint32_t           struct_size;   /* bytes that the host filled */
    uint32_t           count;         /* entries of names and of values */
    const char* const* names;         /* each one of bk_device.options, none twice */
    const char* const* values;        /* as written; "" when there is none */
} bk_options;

typedef struct bk_device {
    uint32_t         struct_size;                     /* BK_SIZED(bk_device) */
    uint32_t         reserved            BK_OPTIONAL; /* 0 */
    const char*      name;                            /* for people, for example "Acme A1" */
    const char*      driver_version      BK_OPTIONAL; /* NULL: none */
    const char*      pci_address         BK_OPTIONAL; /* where it sits, "0000:65:00.0"; NULL: on no PCI bus */
    uint8_t          uuid[16]            BK_OPTIONAL; /* the hardware's own, the same in every process, after reboot and driver
                                                         update; partitions of one chip have different ones (DIS-6); zeros: none */
    int32_t          kind                BK_OPTIONAL; /* 0: BK_OTHER */
    uint32_t         vendor_id           BK_OPTIONAL; /* the maker's number, of PCI where there is one; 0: none */
    uint32_t         device_id           BK_OPTIONAL; /* the maker's number for the model; 0: none */
    uint32_t         reserved2           BK_OPTIONAL; /* 0 */
    uint64_t         stored_dtypes       BK_OPTIONAL; /* BK_DTYPE_BIT of those that can be stored and moved; 0: all */
    uint64_t         computed_dtypes     BK_OPTIONAL; /* BK_DTYPE_BIT of those that kernels compute with; 0: all that are stored */
    uint64_t         flushed_dtypes      BK_OPTIONAL; /* BK_DTYPE_BIT of those whose subnormals may become zero (KER-30); 0: none */
    uint64_t         alignment           BK_OPTIONAL; /* of every buffer, in bytes: a power of two, 256 or more (MEM-2); 0: 256 */
    uint64_t         total_memory        BK_OPTIONAL; /* bytes; 0: unknown */
    uint64_t         largest_allocation  BK_OPTIONAL; /* bytes; 0: no limit known */
    int32_t          memory;                          /* BK_HOST_MEMORY or BK_OWN_MEMORY */
    int32_t          flags               BK_OPTIONAL; /* 0: asynchronous, and addresses are tokens */
    void*            context             BK_OPTIONAL; /* the plugin's own, passed back in every call */
    const bk_kernel* kernels             BK_OPTIONAL; /* NULL: none; every operator falls back */
    uint64_t         kernel_count        BK_OPTIONAL; /* entries of kernels */
    const char* const* options           BK_OPTIONAL; /* the names that open takes; the host refuses others (DIS-9). NULL: none */
    uint64_t         option_count        BK_OPTIONAL; /* entries of options */
    /* Optional, 1.0. Makes the device ready, or fails and leaves nothing (DIS-9). May block. An option whose value makes
     * no sense is BK_INVALID_ARGUMENT with words that name it; see bk_option. NULL: always ready. */
    bk_status (BK_CALL* open)(void* context, const bk_host* host, const bk_options* options) BK_OPTIONAL;
    /* Optional, 1.0. Undoes open; never fails. Its queues are destroyed and its buffers freed; no kernel of the device
     * runs. NULL: nothing to undo. */
    void (BK_CALL* close)(void* context) BK_OPTIONAL;
    /* Required with memory of its own, as the next two; not called with host memory. 1.0. Gives at least `bytes` usable
     * bytes, 1 or more, aligned as `alignment` says, contents unspecified (MEM-2). The address is the buffer's only
     * handle: kernels and copies find it unchanged (MEM-3). BK_OUT_OF_MEMORY: it does not fit, nothing has changed, and
     * a smaller one may (MEM-8). */
    bk_status (BK_CALL* allocate)(void* context, uint64_t bytes, void** address) BK_OPTIONAL;
    /* 1.0. Gives a buffer back. No unreached work uses it; never fails, on a lost device neither (MEM-4). */
    void (BK_CALL* free)(void* context, void* address) BK_OPTIONAL;
    /* 1.0. Makes a queue: writes its table's address to `created`. The host makes queue 0 right after open, others when an
     * app asks for them and in the place of failed ones; it destroys each before `close`. Commonly the table is the
     * first field of the plugin's own struct. */
    bk_status (BK_CALL* create_queue)(void* context, const bk_queue** created) BK_OPTIONAL;
} bk_device;

/* ---- Backend: what the plugin is -------------------------------------------------------------------------------- */

/* The host's ear during `discover`; it ends with that call. */
typedef struct bk_discovery {
    uint32_t struct_size;   /* bytes that the host filled */
    uint32_t reserved;      /* 0 */
    /* 1.0. Offers a device; the order is the numbering. A table that breaks a rule is refused with a reason that
     * names the slot, and gives BK_INVALID_ARGUMENT; the others stay offered. */
    bk_status (BK_CALL* offer)(const struct bk_discovery* discovery, const bk_device* device);
    /* 1.0. Says what is not offered, and why: reject(d, BK_NO_DEVICE, "acme:0", "no card in slot 0"). Gives BK_OK:
     * absence is an answer, not an error (DIS-3). Both texts are copied before it returns. */
    bk_status (BK_CALL* reject)(const struct bk_discovery* discovery, int32_t code, const char* subject, const char* text);
} bk_discovery;

typedef struct bk_backend {
    uint32_t    struct_size;          /* BK_SIZED(bk_backend) */
    uint32_t    contract;             /* BK_CONTRACT: what the plugin was compiled with */
    uint32_t    needed   BK_OPTIONAL; /* the least contract that the host must have, as BK_CONTRACT; 0: the major's first */
    uint32_t    reserved BK_OPTIONAL; /* 0 */
    const char* name;                 /* as the manifest says */
    const char* version;              /* as the manifest says: SemVer */
    /* Required, 1.0. Offers or rejects each device that it sees. Opens none, takes no device memory, starts no
     * lasting thread (DIS-2); succeeds without driver and permission, may come again, one call at a time (DIS-3). */
    bk_status (BK_CALL* discover)(const bk_discovery* discovery);
    /* Optional, 1.0. The end of the backend; its devices are closed before. `bk_get_backend` may follow. The library
     * stays mapped (OBJ-12). NULL: nothing to end. */
    void (BK_CALL* end)(void) BK_OPTIONAL;
} bk_backend;

/* The only symbol that a plugin exports (ABI-2). Returns the same static table each time, or NULL after host->fail.
 * A plugin that needs more than this host has says so in `needed`, not by NULL. */
BK_EXPORT const bk_backend* BK_CALL bk_get_backend(const bk_host* host);

/* ---- Reading a frame ---------------------------------------------------------------------------------------------- */

/* The number of a tensor's elements. */
static inline int64_t bk_elements(const DLTensor* tensor) {
    int64_t elements = 1;
    for (int32_t i = 0; i < tensor->ndim; i++) elements *= tensor->shape[i];
    return elements;
}

/* The logically first element of an input or output, on a device with linear addresses. Not for an absent tensor.
 * Aligned to its own size and to nothing more (KER-11). */
static inline const void* bk_in(const bk_frame* frame, int32_t index) {
    return (const char*)frame->inputs[index]->data + frame->inputs[index]->byte_offset;
}
static inline void* bk_out(const bk_frame* frame, int32_t index) {
    return (char*)frame->outputs[index]->data + frame->outputs[index]->byte_offset;
}

/* The same, typed: const float* x = bk_in_f32(frame, 0). f16 and bf16 come as their bits, bool as its byte. */
#define BK_ACCESSORS(dtype, type)                                                                                     \
    static inline const type* bk_in_##dtype(const bk_frame* frame, int32_t index) { return (const type*)bk_in(frame, index); } \
    static inline type* bk_out_##dtype(const bk_frame* frame, int32_t index) { return (type*)bk_out(frame, index); }
BK_ACCESSORS(bool, uint8_t)
BK_ACCESSORS(u8, uint8_t)
BK_ACCESSORS(i8, int8_t)
BK_ACCESSORS(u16, uint16_t)
BK_ACCESSORS(i16, int16_t)
BK_ACCESSORS(u32, uint32_t)
BK_ACCESSORS(i32, int32_t)
BK_ACCESSORS(u64, uint64_t)
BK_ACCESSORS(i64, int64_t)
BK_ACCESSORS(f16, uint16_t)
BK_ACCESSORS(bf16, uint16_t)
BK_ACCESSORS(f32, float)
BK_ACCESSORS(f64, double)
#undef BK_ACCESSORS

/* ---- Reading options ---------------------------------------------------------------------------------------------- */

/* What the device string gives for an option; NULL when it does not name it. */
static inline const char* bk_option(const bk_options* options, const char* name) {
    for (uint32_t i = 0; i < options->count; i++)
        if (strcmp(options->names[i], name) == 0) return options->values[i];
    return NULL;
}

/* ---- Failing -------------------------------------------------------------------------------------------------------- */

/* Reports a failure in printf's words, cut at 1 KiB, and gives the status back: return bk_fail(f->host, BK_TIMEOUT, "..."). */
BK_FORMAT(3, 4)
static inline bk_status bk_fail(const bk_host* host, bk_status status, const char* format, ...) {
    char text[1024];
    va_list rest;
    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    host->fail(host, status, 0, text);
    return status;
}

/* ---- Logging -------------------------------------------------------------------------------------------------------- */

/* Says something to the app's log in printf's words, cut at 1 KiB: bk_log(host, BK_WARNING, 7, "channel %d is slow", 3). */
BK_FORMAT(4, 5)
static inline void bk_log(const bk_host* host, int32_t level, int32_t event, const char* format, ...) {
    char text[1024];
    va_list rest;
    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    host->log(host, level, event, text);
}

#ifdef __cplusplus
}
#endif

#endif
