/* What docs/vendor-c.md tells beyond the minimal plugin: strides, in place, attributes, a kernel that asks first, failing.
 * Built as samples/MinimalNative is. */
#include <backends/backend.h>
#include <backends/operators.h>

/* quote strided */
/* Inputs have the output's shape: what broadcasts has stride 0 there. The first elements are at a, b and y. */
static void add_rows(const bk_frame* f, int32_t dim, const float* a, const float* b, float* y) {
    if (dim == f->outputs[0]->ndim) {
        *y = *a + *b;
        return;
    }
    for (int64_t i = 0; i < f->outputs[0]->shape[dim]; i++)
        add_rows(f, dim + 1, a + i * f->inputs[0]->strides[dim], b + i * f->inputs[1]->strides[dim], y + i * f->outputs[0]->strides[dim]);
}

static bk_status add_f32(const bk_frame* f) {
    add_rows(f, 0, bk_in_f32(f, 0), bk_in_f32(f, 1), bk_out_f32(f, 0));
    return BK_OK;
}
/* end strided */

/* quote predicate */
/* From shapes, strides and attributes alone; no data is there yet. */
static int32_t is_of_rows(const bk_frame* f) {
    const int64_t rank = f->inputs[0]->ndim;
    if (rank == 0 || bk_sum_dim_length(f) != 1) return 0;
    return bk_sum_dim(f)[0] == -1 || bk_sum_dim(f)[0] == rank - 1;
}

static bk_status sum_f32(const bk_frame* f) {
    const float* x = bk_in_f32(f, 0);
    float* y = bk_out_f32(f, 0);
    const int64_t row = f->inputs[0]->shape[f->inputs[0]->ndim - 1];
    if (row > 1 << 30) return bk_fail(f->host, BK_OUT_OF_MEMORY, "a row of %lld elements is longer than the unit", (long long)row);
    for (int64_t i = 0; i < f->elements; i++, x += row) {
        float total = 0;
        for (int64_t j = 0; j < row; j++) total += x[j];
        y[i] = total;
    }
    return BK_OK;
}
/* end predicate */

/* quote records */
static const bk_kernel kernels[] = {
    { BK_SIZED(bk_kernel), .op = "add", .dtype = BK_F32, .accepts = BK_STRIDED | BK_IN_PLACE, .run = add_f32 },
    { BK_SIZED(bk_kernel), .op = "sum", .dtype = BK_F32, .run = sum_f32, .predicate = is_of_rows },
};
/* end records */

static const bk_device device = {
    BK_SIZED(bk_device), .name = "Kernels in C", .memory = BK_HOST_MEMORY, .kernels = kernels, .kernel_count = BK_COUNT(kernels),
};

static bk_status discover(const bk_discovery* d) { return d->offer(d, &device); }

static const bk_backend backend = {
    BK_SIZED(bk_backend), .contract = BK_CONTRACT, .name = "kernels-native", .version = "1.0.0", .discover = discover,
};

BK_EXPORT const bk_backend* bk_get_backend(const bk_host* host) { return host ? &backend : 0; }
