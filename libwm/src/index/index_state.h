#pragma once

#include "index/catalogue.h"

namespace wm {

/// What an open Index holds.
class Index::State {
public:
    explicit State(std::unique_ptr<Catalogue> opened) : catalogue(std::move(opened)) {}
    std::unique_ptr<Catalogue> catalogue;
};

} // namespace wm
