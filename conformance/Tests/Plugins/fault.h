/* What the fault plugins share: all of a plugin but its name and its kernel. Each computes relu of f32 rightly but in calls of exactly
 * TRIGGER elements, so that one case meets the fault and every other has its own verdict. */
#ifndef FAULT_H
#define FAULT_H

#include <backends/backend.h>

#ifndef TRIGGER
#define TRIGGER 33
#endif

static bk_status relu_f32(const bk_frame* f);

static const bk_kernel kernels[] = {
    { BK_SIZED(bk_kernel), .op = "relu", .dtype = BK_F32, .accepts = BK_CONTIGUOUS, .run = relu_f32 },
};

static const bk_device device = {
    BK_SIZED(bk_device), .name = "Faulty (" NAME ")", .memory = BK_HOST_MEMORY, .kernels = kernels, .kernel_count = BK_COUNT(kernels),
};

static bk_status discover(const bk_discovery* d) { return d->offer(d, &device); }

static const bk_backend backend = {
    BK_SIZED(bk_backend), .contract = BK_CONTRACT, .name = NAME, .version = "1.0.0", .discover = discover,
};

BK_EXPORT const bk_backend* bk_get_backend(const bk_host* host) { return host ? &backend : 0; }

#endif
