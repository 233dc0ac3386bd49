// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RegistryV2} from "../demo/v2/RegistryV2.sol";

/// @title A registry that takes transactions, and changes nothing
contract DeafRegistryV2 is RegistryV2 {
    function setResolver(uint256, address) public override {}
}
