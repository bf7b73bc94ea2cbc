/* Never returns from calls of TRIGGER elements, and sleeps meanwhile. */
#define _POSIX_C_SOURCE 200809L
#define NAME "hanging"
#include "fault.h"
#include <unistd.h>

static bk_status relu_f32(const bk_frame* f) {
    const float* x = bk_in_f32(f, 0);
    float* y = bk_out_f32(f, 0);
    int64_t n = bk_elements(f->outputs[0]);
    while (n == TRIGGER) pause();
    for (int64_t i = 0; i < n; i++) y[i] = x[i] <= 0 ? 0 : x[i];
    return BK_OK;
}
