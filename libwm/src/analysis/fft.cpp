#include "analysis/fft.h"

#include <cassert>
#include <vector>

#include <kissfft/kiss_fft.h>

#include "kernels/fft_tables.h"

namespace wm {

class BatchFft::Engine {
public:
    virtual ~Engine() = default;
    virtual void forward(const ComplexLanes* input, ComplexLanes* output) = 0;
    virtual void inverse(const ComplexLanes* input, ComplexLanes* output) = 0;
};

class BatchFft::KernelEngine : public Engine {
public:
    explicit KernelEngine(std::size_t size) : tables_(size) {}

    void forward(const ComplexLanes* input, ComplexLanes* output) override {
        kernels().fft_forward(tables_.plan(), input, output);
    }

    void inverse(const ComplexLanes* input, ComplexLanes* output) override {
        kernels().fft_inverse(tables_.plan(), input, output);
    }

private:
    FftTables tables_;
};

class BatchFft::KissEngine : public Engine {
public:
    explicit KissEngine(std::size_t size)
        : forward_(kiss_fft_alloc(static_cast<int>(size), 0, nullptr, nullptr)),
          inverse_(kiss_fft_alloc(static_cast<int>(size), 1, nullptr, nullptr)), input_(size), output_(size) {}

    void forward(const ComplexLanes* input, ComplexLanes* output) override { transform(forward_.get(), input, output); }
    void inverse(const ComplexLanes* input, ComplexLanes* output) override { transform(inverse_.get(), input, output); }

private:
    struct Free {
        void operator()(kiss_fft_state* state) const { kiss_fft_free(state); }
    };

    void transform(kiss_fft_cfg config, const ComplexLanes* input, ComplexLanes* output) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            for (std::size_t k = 0; k < input_.size(); ++k) {
                input_[k] = {input[k].re[lane], input[k].im[lane]};
            }
            kiss_fft(config, input_.data(), output_.data());
            for (std::size_t k = 0; k < output_.size(); ++k) {
                output[k].re[lane] = output_[k].r;
                output[k].im[lane] = output_[k].i;
            }
        }
    }

    std::unique_ptr<kiss_fft_state, Free> forward_;
    std::unique_ptr<kiss_fft_state, Free> inverse_;
    std::vector<kiss_fft_cpx> input_;
    std::vector<kiss_fft_cpx> output_;
};

BatchFft::BatchFft(std::size_t size) : size_(size) {
    assert(size >= 1);
    if (has_fft_kernel(size)) {
        engine_ = std::make_unique<KernelEngine>(size);
    } else {
        engine_ = std::make_unique<KissEngine>(size);
    }
}

BatchFft::~BatchFft() = default;
BatchFft::BatchFft(BatchFft&&) noexcept = default;
BatchFft& BatchFft::operator=(BatchFft&&) noexcept = default;

void BatchFft::forward(const ComplexLanes* input, ComplexLanes* output) {
    engine_->forward(input, output);
}

void BatchFft::inverse(const ComplexLanes* input, ComplexLanes* output) {
    engine_->inverse(input, output);
}

} // namespace wm
