/* Loses NaN: relu(NaN) gives 0, as a maximum that is written the other way round does. Whatever the number of elements. */
#define NAME "wrong"
#include "fault.h"

static bk_status relu_f32(const bk_frame* f) {
    const float* x = bk_in_f32(f, 0);
    float* y = bk_out_f32(f, 0);
    for (int64_t i = 0, n = bk_elements(f->outputs[0]); i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
    return BK_OK;
}
