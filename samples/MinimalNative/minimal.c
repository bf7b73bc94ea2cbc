/* A whole native plugin: one device in host memory with one kernel, relu for f32. Everything else falls back.
 * Build it by build.sh, then: backends conform minimal-native --plugins samples/MinimalNative/out */
#include <backends/backend.h>

static bk_status relu_f32(const bk_frame* f) {
    const float* x = bk_in_f32(f, 0);
    float* y = bk_out_f32(f, 0);
    for (int64_t i = 0, n = bk_elements(f->outputs[0]); i < n; i++)
        y[i] = x[i] <= 0 ? 0 : x[i];   /* NaN compares false and passes */
    return BK_OK;
}

static const bk_kernel kernels[] = {
    { BK_SIZED(bk_kernel), .op = "relu", .dtype = BK_F32, .accepts = BK_CONTIGUOUS, .run = relu_f32 },
};

static const bk_device device = {
    BK_SIZED(bk_device), .name = "Minimal", .memory = BK_HOST_MEMORY, .kernels = kernels, .kernel_count = BK_COUNT(kernels),
};

static bk_status discover(const bk_discovery* d) { return d->offer(d, &device); }

static const bk_backend backend = {
    BK_SIZED(bk_backend), .contract = BK_CONTRACT, .name = "minimal-native", .version = "1.0.0", .discover = discover,
};

BK_EXPORT const bk_backend* bk_get_backend(const bk_host* host) { return host ? &backend : 0; }
