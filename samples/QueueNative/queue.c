/* A device with memory and queues of its own, as far as a processor can play one: each queue is a thread that works off a
 * ring of commands. What docs/vendor-c.md tells of asynchronous devices. Built as samples/MinimalNative is, with -pthread.
 * The option fault=error@N makes the work with value N fail once, late: queue-native:0?fault=error@3. */
#include <backends/backend.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* quote state */
/* Work is a function and what it needs, copied from the frame (KER-9); without one the command is a wait or a signal. */
typedef struct command {
    void (*work)(const struct command* c);
    const char *a, *b;      /* device or host addresses to read */
    char* y;                /* to write */
    uint64_t length;        /* elements, or bytes of a copy */
    void* taken;            /* a host source that was copied because it may change; freed when done */
    struct queue* other;    /* waits: for whom */
    uint64_t value;
} command;

enum { ROOM = 256 };

typedef struct queue {
    bk_queue table;             /* what the host reads; its context is this queue */
    pthread_t thread;
    command ring[ROOM];
    uint64_t head, tail;        /* commands done and submitted, ever */
    _Atomic uint64_t reached;   /* so that asking takes no lock (QUE-5) */
    bk_failure failure;         /* once its status is set, it stays */
    int32_t ending;
    int32_t users;              /* the host, and waits for this queue that are not yet done (QUE-7) */
} queue;

/* One lock for all queues keeps this short; work is done outside of it. `changed` says that any of them did. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const bk_host* host;
static uint64_t fault_at;
/* end state */

/* Buffers have addresses at which the host finds nothing: whoever forgets a copy faults at once. */
static const uint64_t away = (uint64_t)1 << 55;
static char* bytes_at(const void* address) { return (char*)((uint64_t)address - away); }

/* ---- The queue's thread ---- */

static void release(queue* q) {
    if (--q->users == 0) free(q);
}

/* quote thread */
/* The lock is held, but while work is done. A queue that has failed drops what is left (QUE-13). */
static void execute(queue* q, const command* c) {
    if (q->failure.status == BK_OK && c->work && c->value == fault_at) {
        fault_at = 0;
        q->failure = (bk_failure){ .status = BK_DEVICE_ERROR, .value = c->value, .vendor_code = 719, .text = "unit 3: parity error" };
    } else if (q->failure.status == BK_OK && c->work) {
        pthread_mutex_unlock(&lock);
        c->work(c);
        pthread_mutex_lock(&lock);
    } else if (q->failure.status == BK_OK && c->other) {
        while (c->other->reached < c->value && c->other->failure.status == BK_OK) pthread_cond_wait(&changed, &lock);
    } else if (q->failure.status == BK_OK) {
        q->reached = c->value;
    }
    if (c->other) release(c->other);
    free(c->taken);
}

static void* run(void* context) {
    queue* q = context;
    pthread_mutex_lock(&lock);
    while (q->head < q->tail || !q->ending) {
        if (q->head == q->tail) {
            pthread_cond_wait(&changed, &lock);
            continue;
        }
        execute(q, &q->ring[q->head % ROOM]);
        q->head++;   /* only now is there room: the command was read in place */
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}
/* end thread */

/* ---- What the host calls ---- */

/* quote submit */
/* Blocks for room only (QUE-8). What is refused was not enqueued (QUE-12). */
static bk_status submit(queue* q, command c) {
    pthread_mutex_lock(&lock);
    while (q->tail - q->head == ROOM) pthread_cond_wait(&changed, &lock);
    int32_t failed = q->failure.status;
    if (failed == BK_OK) {
        if (c.other) c.other->users++;
        q->ring[q->tail++ % ROOM] = c;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    if (failed == BK_OK) return BK_OK;
    free(c.taken);
    return bk_fail(host, failed, "the queue has failed");
}

static void move(const command* c) { memcpy(c->y, c->a, c->length); }

static bk_status enqueue_copy(void* context, const bk_copy* region) {
    const char* source = (const char*)region->source + region->source_offset;
    char* target = (char*)region->target + region->target_offset;
    command c = { .work = move, .length = region->length, .value = region->value };
    c.y = region->flags & BK_TO_HOST ? target : bytes_at(target);
    if (!(region->flags & BK_FROM_HOST)) c.a = bytes_at(source);
    else if (region->flags & BK_STABLE) c.a = source;
    else {   /* read before this returns (MEM-13) */
        c.a = c.taken = malloc(region->length);
        if (!c.taken) return bk_fail(host, BK_OUT_OF_MEMORY, "no room to take %llu bytes", (unsigned long long)region->length);
        memcpy(c.taken, source, region->length);
    }
    return submit(context, c);
}

static bk_status enqueue_wait(void* context, void* other, uint64_t value) {
    return submit(context, (command){ .other = other, .value = value });
}

static bk_status enqueue_signal(void* context, uint64_t value) { return submit(context, (command){ .value = value }); }
/* end submit */

/* quote timeline */
static uint64_t reached(void* context) { return ((queue*)context)->reached; }

static int32_t host_wait(void* context, uint64_t value, int64_t timeout) {
    queue* q = context;
    struct timespec end;
    timespec_get(&end, TIME_UTC);
    end.tv_sec += timeout / 1000000000;
    end.tv_nsec += timeout % 1000000000;
    if (end.tv_nsec >= 1000000000) end.tv_sec++, end.tv_nsec -= 1000000000;
    int32_t late = timeout == 0;
    pthread_mutex_lock(&lock);
    while (q->reached < value && q->failure.status == BK_OK && !late)
        late = (timeout < 0 ? pthread_cond_wait(&changed, &lock) : pthread_cond_timedwait(&changed, &lock, &end)) != 0;
    int32_t result = q->reached >= value ? BK_REACHED : q->failure.status != BK_OK ? BK_WAIT_FAILED : BK_TIMED_OUT;
    pthread_mutex_unlock(&lock);
    return result;
}

static int32_t failure(void* context, bk_failure* out) {
    queue* q = context;
    pthread_mutex_lock(&lock);
    int32_t failed = q->failure.status != BK_OK;
    if (failed) {
        out->status = q->failure.status;
        out->value = q->failure.value;
        out->vendor_code = q->failure.vendor_code;
        out->text = q->failure.text;
    }
    pthread_mutex_unlock(&lock);
    return failed;
}
/* end timeline */

static void destroy(void* context) {
    queue* q = context;
    pthread_mutex_lock(&lock);
    q->ending = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(q->thread, NULL);
    pthread_mutex_lock(&lock);
    release(q);
    pthread_mutex_unlock(&lock);
}

/* quote kernel */
static void add(const command* c) {
    const float *a = (const float*)c->a, *b = (const float*)c->b;
    float* y = (float*)c->y;
    for (uint64_t i = 0; i < c->length; i++) y[i] = a[i] + b[i];
}

/* Enqueues and returns; the worker finds what it needs in the command (KER-21). */
static bk_status add_f32(const bk_frame* f) {
    return submit(f->queue, (command){
        .work = add, .a = bytes_at(bk_in(f, 0)), .b = bytes_at(bk_in(f, 1)), .y = bytes_at(bk_out(f, 0)),
        .length = (uint64_t)f->elements, .value = f->value,
    });
}
/* end kernel */

static void relu(const command* c) {
    const float* x = (const float*)c->a;
    float* y = (float*)c->y;
    for (uint64_t i = 0; i < c->length; i++) y[i] = x[i] <= 0 ? 0 : x[i];
}

static bk_status relu_f32(const bk_frame* f) {
    return submit(f->queue, (command){
        .work = relu, .a = bytes_at(bk_in(f, 0)), .y = bytes_at(bk_out(f, 0)), .length = (uint64_t)f->elements, .value = f->value,
    });
}

/* ---- The device ---- */

/* quote device */
static bk_status open_device(void* context, const bk_host* given, const bk_options* options) {
    (void)context;
    host = given;
    fault_at = 0;
    const char* fault = bk_option(options, "fault");
    if (fault && strncmp(fault, "error@", 6) == 0) fault_at = strtoull(fault + 6, NULL, 10);
    if (fault && fault_at == 0) return bk_fail(host, BK_INVALID_ARGUMENT, "fault=%s: error@ and a value from 1 is meant", fault);
    return BK_OK;
}

static bk_status allocate(void* context, uint64_t bytes, void** address) {
    (void)context;
    void* memory = bytes > UINT64_MAX - 255 ? NULL : aligned_alloc(256, (bytes + 255) & ~(uint64_t)255);
    if (!memory) return bk_fail(host, BK_OUT_OF_MEMORY, "%llu bytes do not fit", (unsigned long long)bytes);
    *address = (void*)((uint64_t)memory + away);
    return BK_OK;
}

static void free_buffer(void* context, void* address) {
    (void)context;
    free(bytes_at(address));
}

static bk_status create_queue(void* context, const bk_queue** created) {
    (void)context;
    queue* q = calloc(1, sizeof(queue));
    if (!q) return bk_fail(host, BK_OUT_OF_MEMORY, "no room for a queue");
    q->table = (bk_queue){
        BK_SIZED(bk_queue), .context = q, .copy = enqueue_copy, .wait = enqueue_wait, .signal = enqueue_signal,
        .reached = reached, .host_wait = host_wait, .failure = failure, .destroy = destroy,
    };
    q->users = 1;
    if (pthread_create(&q->thread, NULL, run, q) != 0) {
        free(q);
        return bk_fail(host, BK_DEVICE_ERROR, "no thread for a queue");
    }
    *created = &q->table;
    return BK_OK;
}

static const bk_kernel kernels[] = {
    { BK_SIZED(bk_kernel), .op = "add", .dtype = BK_F32, .accepts = BK_IN_PLACE, .run = add_f32 },
    { BK_SIZED(bk_kernel), .op = "relu", .dtype = BK_F32, .accepts = BK_IN_PLACE, .run = relu_f32 },
};

static const char* const options[] = { "fault" };

static const bk_device device = {
    BK_SIZED(bk_device), .name = "Queues in C", .memory = BK_OWN_MEMORY, .flags = BK_LINEAR_ADDRESSES,
    .kernels = kernels, .kernel_count = BK_COUNT(kernels), .options = options, .option_count = BK_COUNT(options),
    .open = open_device, .allocate = allocate, .free = free_buffer, .create_queue = create_queue,
};
/* end device */

static bk_status discover(const bk_discovery* d) { return d->offer(d, &device); }

static const bk_backend backend = {
    BK_SIZED(bk_backend), .contract = BK_CONTRACT, .name = "queue-native", .version = "1.0.0", .discover = discover,
};

BK_EXPORT const bk_backend* bk_get_backend(const bk_host* given) { return given ? &backend : 0; }
